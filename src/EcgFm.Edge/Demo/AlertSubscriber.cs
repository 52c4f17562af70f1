using System.Buffers;
using System.Text.Json;
using EcgFm.Telemetry;
using EcgFm.Telemetry.Messages;
using MQTTnet;
using MQTTnet.Protocol;

namespace EcgFm.Edge.Demo;

/// <summary>Listens at the broker, as a nurse station would, and hands on every step of every alert that comes back.</summary>
internal sealed class AlertSubscriber : IAsyncDisposable
{
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();

    private AlertSubscriber()
    {
    }

    /// <summary>Subscribes to the alerts of a bed.</summary>
    public static async Task<AlertSubscriber> SubscribeAsync(BrokerAddress broker, string topic, Action<AlertMessage> received, CancellationToken stop)
    {
        var subscriber = new AlertSubscriber();
        subscriber._client.ApplicationMessageReceivedAsync += arrived =>
        {
            if (JsonSerializer.Deserialize(arrived.ApplicationMessage.Payload.ToArray(), TelemetryJson.Default.AlertMessage) is { } message) received(message);
            return Task.CompletedTask;
        };
        var options = new MqttClientOptionsBuilder()
            .WithTcpServer(broker.Host, broker.Port)
            .WithClientId($"ecgfm-demo-{Guid.NewGuid():N}")
            .WithTlsOptions(tls => tls.UseTls(broker.Tls))
            .Build();
        try
        {
            var connected = await subscriber._client.ConnectAsync(options, stop).ConfigureAwait(false);
            if (connected.ResultCode != MqttClientConnectResultCode.Success) throw new IOException($"The broker {broker} refused: {connected.ResultCode}.");
            var subscribed = await subscriber._client.SubscribeAsync(topic, MqttQualityOfServiceLevel.AtLeastOnce, stop).ConfigureAwait(false);
            if (subscribed.Items.Any(item => item.ResultCode > MqttClientSubscribeResultCode.GrantedQoS2)) throw new IOException($"The broker {broker} lets nobody subscribe to {topic}.");
            return subscriber;
        }
        catch
        {
            subscriber._client.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _client.TryDisconnectAsync().ConfigureAwait(false);
        _client.Dispose();
    }
}
