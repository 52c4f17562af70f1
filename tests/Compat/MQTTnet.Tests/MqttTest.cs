using EcgFm.Testing;
using MQTTnet.Adapter;

namespace MQTTnet.Tests;

/// <summary>What every test here has: a guard, clients that go with the test, and patience with a busy machine.</summary>
public abstract class MqttTest : IDisposable
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly UnobservedExceptionGuard guard = new();
    private readonly List<IMqttClient> clients = [];

    public void Dispose()
    {
        foreach (var client in clients)
            client.Dispose();
        clients.Clear();
        guard.Dispose();
        GC.SuppressFinalize(this);
    }

    protected static MqttClientOptionsBuilder OptionsFor(MosquittoBroker broker) => new MqttClientOptionsBuilder().WithTcpServer(broker.Host, broker.Port);

    /// <summary>As with the official client: cancelled on the way to the server, or a failed handshake because of it.</summary>
    protected static void AssertGivenUp(Exception? failure) =>
        Assert.True(failure is OperationCanceledException or MqttConnectingFailedException { InnerException: OperationCanceledException }, $"{failure}");

    protected IMqttClient NewClient()
    {
        var client = new MqttClientFactory().CreateMqttClient();
        clients.Add(client);
        return client;
    }

    protected async Task<IMqttClient> ConnectAsync(MosquittoBroker broker, Action<MqttClientOptionsBuilder>? configure = null)
    {
        var options = OptionsFor(broker);
        configure?.Invoke(options);
        var client = NewClient();
        var result = await client.ConnectAsync(options.Build()).WaitAsync(Patience);
        Assert.Equal(MqttClientConnectResultCode.Success, result.ResultCode);
        return client;
    }
}
