using System.Buffers;
using System.Text.Json;
using System.Threading.Channels;
using MQTTnet;
using MQTTnet.Protocol;
using Xunit;

namespace EcgFm.Testing;

/// <summary>A nurse station: subscribes to everything of a broker and takes what comes, in order.</summary>
public sealed class Station : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly Channel<MqttApplicationMessage> _messages = Channel.CreateUnbounded<MqttApplicationMessage>();

    private Station()
    {
    }

    /// <summary>Connects and subscribes to everything.</summary>
    public static async Task<Station> OpenAsync(MosquittoBroker broker)
    {
        var station = new Station();
        station._client.ApplicationMessageReceivedAsync += received =>
        {
            station._messages.Writer.TryWrite(received.ApplicationMessage);
            return Task.CompletedTask;
        };
        var options = new MqttClientOptionsBuilder().WithTcpServer(broker.Host, broker.Port).Build();
        Assert.Equal(MqttClientConnectResultCode.Success, (await station._client.ConnectAsync(options).WaitAsync(Patience)).ResultCode);
        await station._client.SubscribeAsync("#", MqttQualityOfServiceLevel.AtLeastOnce).WaitAsync(Patience);
        return station;
    }

    /// <summary>The next message on a topic that ends so; others before it are passed over.</summary>
    public async Task<(JsonElement Json, bool Retained)> NextAsync(string topicEnd)
    {
        while (true)
        {
            var message = await _messages.Reader.ReadAsync().AsTask().WaitAsync(Patience);
            if (message.Topic.EndsWith(topicEnd, StringComparison.Ordinal))
                return (JsonDocument.Parse(message.Payload.ToArray()).RootElement, message.Retain);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _client.TryDisconnectAsync();
        _client.Dispose();
    }
}
