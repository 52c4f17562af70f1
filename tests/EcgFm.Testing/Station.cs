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
    /// <exception cref="TimeoutException">None came within a minute, whatever else did.</exception>
    public async Task<(JsonElement Json, bool Retained)> NextAsync(string topicEnd)
    {
        var message = await NextMessageAsync(topicEnd);
        return (Json(message), message.Retain);
    }

    /// <summary>The next message on a topic that ends so and holds what is asked for.</summary>
    /// <exception cref="TimeoutException">None came within a minute, whatever else did.</exception>
    public async Task<JsonElement> NextAsync(string topicEnd, Func<JsonElement, bool> wanted)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
            if (Json(await NextMessageAsync([topicEnd], patience.Token)) is var json && wanted(json))
                return json;
    }

    /// <summary>The next message on a topic that ends in one of these ways, with its topic.</summary>
    /// <exception cref="TimeoutException">None came within a minute, whatever else did.</exception>
    public async Task<(string Topic, JsonElement Json)> NextOfAsync(params string[] topicEnds)
    {
        var message = await NextMessageAsync(topicEnds);
        return (message.Topic, Json(message));
    }

    /// <summary>The next message on a topic that ends in one of these ways, whatever its payload.</summary>
    /// <exception cref="TimeoutException">None came within a minute, whatever else did.</exception>
    public async Task<MqttApplicationMessage> NextMessageAsync(params string[] topicEnds)
    {
        using var patience = new CancellationTokenSource(Patience);
        return await NextMessageAsync(topicEnds, patience.Token);
    }

    private static JsonElement Json(MqttApplicationMessage message) => JsonDocument.Parse(message.Payload.ToArray()).RootElement;

    private async Task<MqttApplicationMessage> NextMessageAsync(string[] topicEnds, CancellationToken patience)
    {
        try
        {
            while (true)
            {
                var message = await _messages.Reader.ReadAsync(patience);
                if (topicEnds.Any(end => message.Topic.EndsWith(end, StringComparison.Ordinal))) return message;
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"What was waited for on {string.Join(" or ", topicEnds)} did not come within {Patience.TotalSeconds:0} s.");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _client.TryDisconnectAsync();
        _client.Dispose();
    }
}
