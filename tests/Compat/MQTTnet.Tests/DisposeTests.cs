using System.Security.Cryptography.X509Certificates;
using EcgFm.Testing;
using MQTTnet.Exceptions;
using MQTTnet.Protocol;

namespace MQTTnet.Tests;

public sealed class DisposeTests : MqttTest
{
    [Fact]
    public async Task What_is_disposed_of_is_of_no_more_use()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        var client = await ConnectAsync(broker);
        broker.Freeze();
        var waiting = client.PublishStringAsync("a", "b", MqttQualityOfServiceLevel.AtLeastOnce);

        client.Dispose();
        client.Dispose();

        _ = await Assert.ThrowsAsync<MqttClientDisconnectedException>(() => waiting.WaitAsync(Patience));
        Assert.False(client.IsConnected);
        _ = await Assert.ThrowsAsync<ObjectDisposedException>(() => client.PublishStringAsync("a", "b"));
        _ = await Assert.ThrowsAsync<ObjectDisposedException>(() => client.SubscribeAsync("a"));
        _ = await Assert.ThrowsAsync<ObjectDisposedException>(() => client.PingAsync());
        _ = await Assert.ThrowsAsync<ObjectDisposedException>(() => client.DisconnectAsync());
        _ = await Assert.ThrowsAsync<ObjectDisposedException>(() => client.ReconnectAsync());
    }

    [Fact]
    public async Task Disposing_gives_up_connecting()
    {
        using var silent = new SilentServer();
        var client = NewClient();
        var connecting = client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", silent.Port).Build());
        await silent.ContactedAsync();

        client.Dispose();

        AssertGivenUp(await Record.ExceptionAsync(() => connecting.WaitAsync(Patience)));
    }

    [Fact]
    public async Task Disposing_is_allowed_in_every_handler()
    {
        await using var broker = await MosquittoBroker.StartAsync();

        var connecting = NewClient();
        connecting.ConnectingAsync += _ => Dispose(connecting);
        _ = await Assert.ThrowsAnyAsync<Exception>(() => connecting.ConnectAsync(OptionsFor(broker).Build()).WaitAsync(Patience));

        var connected = NewClient();
        connected.ConnectedAsync += _ => Dispose(connected);
        _ = await connected.ConnectAsync(OptionsFor(broker).Build()).WaitAsync(Patience);
        Assert.False(connected.IsConnected);

        var disconnected = await ConnectAsync(broker);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        disconnected.DisconnectedAsync += async _ =>
        {
            await Dispose(disconnected);
            ended.SetResult();
        };
        await disconnected.DisconnectAsync();
        await ended.Task.WaitAsync(Patience);

        var receiving = await ConnectAsync(broker);
        var received = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        receiving.ApplicationMessageReceivedAsync += async _ =>
        {
            await Dispose(receiving);
            received.SetResult();
        };
        _ = await receiving.SubscribeAsync("a");
        _ = await receiving.PublishStringAsync("a", "b");
        await received.Task.WaitAsync(Patience);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Clients_that_come_and_go_leave_no_thread_and_no_descriptor(bool secured)
    {
        using var certificates = new TestCertificates();
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoBrokerOptions { Tls = secured ? certificates : null });
        var options = OptionsFor(broker);
        if (secured)
            _ = options.WithTlsOptions(tls => tls.WithTrustChain(certificates.TrustChain).WithClientCertificates(new X509Certificate2Collection(certificates.Client)));
        static int Descriptors() => Directory.GetFileSystemEntries("/proc/self/fd").Length;
        static int NetworkThreads() => Directory.GetDirectories("/proc/self/task")
            .Count(task => File.Exists($"{task}/comm") && File.ReadAllText($"{task}/comm").StartsWith("MQTT network", StringComparison.Ordinal));
        var before = (Descriptors(), NetworkThreads());

        for (var i = 0; i < 100; i++)
        {
            using var client = new MqttClientFactory().CreateMqttClient();
            _ = await client.ConnectAsync(options.Build()).WaitAsync(Patience);
            if (i % 2 == 0)
                await client.DisconnectAsync();
        }

        // The last ones may still be closing.
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var patience = new CancellationTokenSource(Patience);
        while (Descriptors() > before.Item1 + 20 || NetworkThreads() > before.Item2 + 5)
            _ = await timer.WaitForNextTickAsync(patience.Token);
    }

    [Fact]
    public async Task Everything_at_once_ends_in_known_exceptions()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        for (var round = 0; round < 30; round++)
        {
            using var client = new MqttClientFactory().CreateMqttClient();
            _ = await client.ConnectAsync(OptionsFor(broker).Build()).WaitAsync(Patience);
            var operations = Enumerable.Range(0, 200)
                .Select(i => Task.Run(() => client.PublishStringAsync("a", "b", (MqttQualityOfServiceLevel)(i % 3))))
                .Cast<Task>()
                .Append(Task.Run(() => client.SubscribeAsync("a")))
                .Append(Task.Run(() => client.PingAsync()))
                .Append(Task.Run(() => client.DisconnectAsync()))
                .Append(round % 2 == 0 ? Task.Run(client.Dispose) : Task.CompletedTask)
                .ToArray();
            foreach (var operation in operations)
            {
                var failure = await Record.ExceptionAsync(() => operation.WaitAsync(Patience));
                Assert.True(failure is null or MqttCommunicationException or ObjectDisposedException, $"{failure}");
            }
        }
    }

    private static Task Dispose(IMqttClient client)
    {
        client.Dispose();
        return Task.CompletedTask;
    }
}
