using MQTTnet.Exceptions;
using MQTTnet.Protocol;

namespace MQTTnet.Tests;

/// <summary>What Mosquitto cannot be made to say, a few bytes of a server do.</summary>
public sealed class DisconnectReasonTests : MqttTest
{
    private static readonly byte[] Accept = [0x20, 3, 0, 0, 0];

    [Fact]
    public async Task The_servers_reason_is_reported_to_the_handler_and_to_those_who_wait()
    {
        using var server = new SilentServer();
        var client = NewClient();
        var ended = new TaskCompletionSource<MqttClientDisconnectedEventArgs>(TaskCreationOptions.RunContinuationsAsynchronously);
        client.DisconnectedAsync += args =>
        {
            ended.SetResult(args);
            return Task.CompletedTask;
        };
        var connecting = client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", server.Port).Build());
        await server.ContactedAsync();
        await server.SayAsync(Accept);
        Assert.Equal(MqttClientConnectResultCode.Success, (await connecting.WaitAsync(Patience)).ResultCode);
        var publication = client.PublishStringAsync("a", "b", MqttQualityOfServiceLevel.AtLeastOnce);

        // DISCONNECT, session taken over, with a reason string, which libmosquitto keeps to itself.
        await server.SayAsync([0xE0, 8, 0x8E, 6, 0x1F, 0, 3, (byte)'n', (byte)'e', (byte)'w']);

        var args = await ended.Task.WaitAsync(Patience);
        Assert.True(args.ClientWasConnected);
        Assert.Null(args.Exception);
        Assert.Equal(MqttClientDisconnectReason.SessionTakenOver, args.Reason);
        var failure = await Assert.ThrowsAsync<MqttClientUnexpectedDisconnectReceivedException>(() => publication.WaitAsync(Patience));
        Assert.Equal(MqttDisconnectReasonCode.SessionTakenOver, failure.ReasonCode);
    }

    [Fact]
    public async Task A_server_that_talks_nonsense_is_left()
    {
        using var server = new SilentServer();
        var client = NewClient();
        var connecting = client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", server.Port).Build());
        await server.ContactedAsync();

        // PINGRESP, before it has accepted anybody.
        await server.SayAsync([0xD0, 0]);

        _ = await Assert.ThrowsAsync<Adapter.MqttConnectingFailedException>(() => connecting.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_server_that_hangs_up_during_the_handshake_is_an_exception()
    {
        using var server = new SilentServer();
        var client = NewClient();
        var connecting = client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", server.Port).Build());
        await server.ContactedAsync();

        server.Dispose();

        _ = await Assert.ThrowsAsync<Adapter.MqttConnectingFailedException>(() => connecting.WaitAsync(Patience));
    }
}
