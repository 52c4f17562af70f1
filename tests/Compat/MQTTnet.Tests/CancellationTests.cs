using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using EcgFm.Testing;
using MQTTnet.Exceptions;
using MQTTnet.Protocol;

namespace MQTTnet.Tests;

public sealed class CancellationTests : MqttTest
{
    private static readonly TimeSpan Promptly = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Connecting_to_a_server_that_never_answers_can_be_cancelled()
    {
        using var silent = new SilentServer();
        using var cancellation = new CancellationTokenSource();
        var client = NewClient();
        var connecting = client.ConnectAsync(To(silent.Port), cancellation.Token);
        await silent.ContactedAsync();
        Assert.False(connecting.IsCompleted);
        var sinceCancelled = Stopwatch.StartNew();

        await cancellation.CancelAsync();

        AssertGivenUp(await Record.ExceptionAsync(() => connecting.WaitAsync(Patience)));
        Assert.InRange(sinceCancelled.Elapsed, TimeSpan.Zero, Promptly);
        Assert.False(client.IsConnected);
    }

    [Fact]
    public async Task Connecting_to_an_address_that_swallows_packets_can_be_cancelled()
    {
        // A full backlog drops further connection requests: a black hole without leaving the machine.
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        var endPoint = (IPEndPoint)listener.LocalEndPoint!;
        using var fill = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await fill.ConnectAsync(endPoint);
        using var cancellation = new CancellationTokenSource();
        var client = NewClient();
        var connecting = client.ConnectAsync(To(endPoint.Port), cancellation.Token);
        Assert.False(connecting.IsCompleted);
        var sinceCancelled = Stopwatch.StartNew();

        await cancellation.CancelAsync();

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.WaitAsync(Patience));
        Assert.InRange(sinceCancelled.Elapsed, TimeSpan.Zero, Promptly);
    }

    [Fact]
    public async Task Without_a_token_the_timeout_of_the_options_holds()
    {
        using var silent = new SilentServer();
        var options = new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", silent.Port).WithTimeout(TimeSpan.FromMilliseconds(200)).Build();

        AssertGivenUp(await Record.ExceptionAsync(() => NewClient().ConnectAsync(options).WaitAsync(Patience)));
    }

    [Fact]
    public async Task After_a_cancelled_attempt_the_next_one_works()
    {
        using var silent = new SilentServer();
        await using var broker = await MosquittoBroker.StartAsync();
        using var cancellation = new CancellationTokenSource();
        var client = NewClient();
        var connecting = client.ConnectAsync(To(silent.Port), cancellation.Token);
        await silent.ContactedAsync();
        _ = await Assert.ThrowsAsync<InvalidOperationException>(() => client.ConnectAsync(To(broker.Port)));
        await cancellation.CancelAsync();
        AssertGivenUp(await Record.ExceptionAsync(() => connecting.WaitAsync(Patience)));

        var result = await client.ConnectAsync(To(broker.Port)).WaitAsync(Patience);

        Assert.Equal(MqttClientConnectResultCode.Success, result.ResultCode);
        _ = await Assert.ThrowsAsync<InvalidOperationException>(() => client.ConnectAsync(To(broker.Port)));
    }

    [Fact]
    public async Task A_cancelled_token_stops_everything_before_it_begins()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var client = await ConnectAsync(broker);
        var cancelled = new CancellationToken(canceled: true);

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => NewClient().ConnectAsync(To(broker.Port), cancelled));
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.PublishStringAsync("a", "b", cancellationToken: cancelled));
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.PingAsync(cancelled));
        Assert.True(client.IsConnected);
    }

    [Fact]
    public async Task Waiting_for_a_broker_that_fell_silent_can_be_cancelled()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var client = await ConnectAsync(broker);
        using var cancellation = new CancellationTokenSource();
        broker.Freeze();
        var publication = client.PublishStringAsync("a", "b", MqttQualityOfServiceLevel.AtLeastOnce, cancellationToken: cancellation.Token);
        var subscription = client.SubscribeAsync("a", cancellationToken: cancellation.Token);
        var ping = client.PingAsync(cancellation.Token);
        Assert.False(publication.IsCompleted || subscription.IsCompleted || ping.IsCompleted);

        await cancellation.CancelAsync();

        _ = await Assert.ThrowsAsync<MqttCommunicationTimedOutException>(() => publication.WaitAsync(Patience));
        _ = await Assert.ThrowsAsync<MqttCommunicationTimedOutException>(() => subscription.WaitAsync(Patience));
        _ = await Assert.ThrowsAsync<MqttCommunicationTimedOutException>(() => ping.WaitAsync(Patience));

        // The answers that come after all belong to nobody, and the connection goes on.
        broker.Thaw();
        Assert.True((await client.PublishStringAsync("a", "c", MqttQualityOfServiceLevel.AtLeastOnce).WaitAsync(Patience)).IsSuccess);
    }

    [Fact]
    public async Task Nobody_listening_is_said_with_the_address()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var client = NewClient();
        var ended = new TaskCompletionSource<MqttClientDisconnectedEventArgs>(TaskCreationOptions.RunContinuationsAsynchronously);
        client.DisconnectedAsync += args =>
        {
            ended.SetResult(args);
            return Task.CompletedTask;
        };

        var failure = await Assert.ThrowsAsync<MqttCommunicationException>(() => client.ConnectAsync(To(port)).WaitAsync(Patience));

        Assert.Contains($"127.0.0.1:{port}", failure.Message, StringComparison.Ordinal);
        Assert.Equal(SocketError.ConnectionRefused, Assert.IsType<SocketException>(failure.InnerException).SocketErrorCode);
        var args = await ended.Task.WaitAsync(Patience);
        Assert.False(args.ClientWasConnected);
        Assert.Same(failure, args.Exception);
    }

    [Fact]
    public async Task A_name_nobody_knows_is_said()
    {
        // A part of a name has 63 characters at most, so no server of names is asked, which might be slow or answer whatever it is asked.
        var name = new string('x', 64) + ".invalid";
        var options = new MqttClientOptionsBuilder().WithTcpServer(name).Build();

        var failure = await Assert.ThrowsAsync<MqttCommunicationException>(() => NewClient().ConnectAsync(options).WaitAsync(Patience));

        Assert.Contains($"{name}:1883", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_with_several_addresses_is_tried_at_all_of_them()
    {
        // "localhost" is ::1 first on most machines, and the broker listens on 127.0.0.1 only.
        await using var broker = await MosquittoBroker.StartAsync();
        var options = new MqttClientOptionsBuilder().WithTcpServer("localhost", broker.Port).Build();

        var result = await NewClient().ConnectAsync(options).WaitAsync(Patience);

        Assert.Equal(MqttClientConnectResultCode.Success, result.ResultCode);
    }

    [Fact]
    public async Task Connecting_can_be_called_off_by_disconnecting()
    {
        using var silent = new SilentServer();
        var client = NewClient();
        var connecting = client.ConnectAsync(To(silent.Port));
        await silent.ContactedAsync();

        _ = await Assert.ThrowsAsync<MqttClientNotConnectedException>(() => client.DisconnectAsync());

        AssertGivenUp(await Record.ExceptionAsync(() => connecting.WaitAsync(Patience)));
    }

    private static MqttClientOptions To(int port) => new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).Build();
}
