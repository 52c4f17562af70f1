using EcgFm.Testing;
using MQTTnet.Exceptions;
using MQTTnet.Protocol;

namespace MQTTnet.Tests;

public sealed class SessionTests : MqttTest
{
    [Fact]
    public async Task A_second_client_of_the_same_name_takes_the_session_over()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var first = await ConnectAsync(broker, options => options.WithClientId("device"));
        var ended = new TaskCompletionSource<MqttClientDisconnectedEventArgs>(TaskCreationOptions.RunContinuationsAsynchronously);
        first.DisconnectedAsync += args =>
        {
            ended.SetResult(args);
            return Task.CompletedTask;
        };

        var second = await ConnectAsync(broker, options => options.WithClientId("device"));

        var args = await ended.Task.WaitAsync(Patience);
        Assert.True(args.ClientWasConnected);

        // Mosquitto 2.0.11 closes the connection without a word; later ones send DISCONNECT first.
        Assert.True(args.Reason == MqttClientDisconnectReason.SessionTakenOver || args.Exception is MqttCommunicationException);
        Assert.False(first.IsConnected);
        Assert.True(second.IsConnected);
        Assert.True(await second.TryPingAsync());
    }

    [Fact]
    public async Task A_session_that_is_kept_delivers_what_came_meanwhile()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        static void Keep(MqttClientOptionsBuilder options) => _ = options.WithClientId("device").WithCleanStart(false).WithSessionExpiryInterval(3600);
        var first = await ConnectAsync(broker, Keep);
        _ = await first.SubscribeAsync("command", MqttQualityOfServiceLevel.AtLeastOnce);
        await first.DisconnectAsync(sessionExpiryInterval: 3600);
        var publisher = await ConnectAsync(broker);
        _ = await publisher.PublishStringAsync("command", "acknowledge", MqttQualityOfServiceLevel.AtLeastOnce);

        var second = NewClient();
        var inbox = new Inbox(second);
        var options = OptionsFor(broker);
        Keep(options);
        var result = await second.ConnectAsync(options.Build());

        Assert.True(result.IsSessionPresent);
        Assert.Equal("acknowledge", (await inbox.NextAsync()).ConvertPayloadToString());
    }

    [Fact]
    public async Task A_clean_start_forgets_the_session()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var first = await ConnectAsync(broker, options => options.WithClientId("device").WithSessionExpiryInterval(3600));
        first.Dispose();

        var second = NewClient();
        var result = await second.ConnectAsync(OptionsFor(broker).WithClientId("device").WithCleanStart().Build());

        Assert.False(result.IsSessionPresent);
    }

    [Fact]
    public async Task The_server_names_a_client_without_a_name()
    {
        await using var broker = await MosquittoBroker.StartAsync();

        var result = await NewClient().ConnectAsync(OptionsFor(broker).WithClientId(string.Empty).Build());

        Assert.Equal(MqttClientConnectResultCode.Success, result.ResultCode);
        Assert.False(string.IsNullOrEmpty(result.AssignedClientIdentifier));
    }

    [Fact]
    public async Task The_limits_of_the_server_are_reported()
    {
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoBrokerOptions
        {
            Lines = ["max_keepalive 30", "max_inflight_messages 7", "max_packet_size 1000", "retain_available false"],
        });
        var client = NewClient();

        var result = await client.ConnectAsync(OptionsFor(broker).WithKeepAlivePeriod(TimeSpan.FromMinutes(5)).Build());

        Assert.Equal(30, result.ServerKeepAlive);
        Assert.Equal((ushort?)7, result.ReceiveMaximum);
        Assert.Equal(1000u, result.MaximumPacketSize);
        Assert.False(result.RetainAvailable);
        _ = await Assert.ThrowsAsync<MqttCommunicationException>(
            () => client.PublishBinaryAsync("a", new byte[2000], MqttQualityOfServiceLevel.AtLeastOnce).WaitAsync(Patience));
        Assert.True((await client.PublishBinaryAsync("a", new byte[100], MqttQualityOfServiceLevel.AtLeastOnce)).IsSuccess);
    }
}
