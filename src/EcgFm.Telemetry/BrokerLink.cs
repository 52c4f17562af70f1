using System.Text.Json.Nodes;
using System.Threading.Channels;
using EcgFm.Telemetry.Outbox;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Protocol;

namespace EcgFm.Telemetry;

/// <summary>
/// Keeps a connection to the broker, empties the outbox into it in order, and passes live messages on while it stands.
/// Whatever the broker does, callers are never held up: what must arrive waits in the outbox.
/// </summary>
public sealed class BrokerLink : IDisposable
{
    /// <summary>A stored message that leaves later than this is marked historical.</summary>
    public static readonly TimeSpan HistoricalAfter = TimeSpan.FromSeconds(10);

    /// <summary>A link that stood so long was a good one: the next outage begins with the first pause again.</summary>
    private static readonly TimeSpan StableAfter = TimeSpan.FromSeconds(5);

    private readonly Channel<LiveMessage> _live = Channel.CreateBounded<LiveMessage>(new BoundedChannelOptions(256) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
    private readonly SemaphoreSlim _stored = new(1);
    private readonly BrokerOptions _options;
    private readonly MessageOutbox _outbox;
    private readonly RetainedStatus _status;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private volatile bool _connected;
    private volatile bool _greeted;

    /// <param name="options">How to reach the broker.</param>
    /// <param name="outbox">What must arrive.</param>
    /// <param name="status">The retained status, and the last will.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">One line per outage, one when it is over.</param>
    /// <exception cref="DllNotFoundException">The client's library is not installed; the message names the package.</exception>
    public BrokerLink(BrokerOptions options, MessageOutbox outbox, RetainedStatus status, TimeProvider time, ILogger logger)
    {
        (_options, _outbox, _status, _time, _logger) = (options, outbox, status, time, logger);
        // A missing library is found out at the start, not as an outage later.
        new MqttClientFactory().CreateMqttClient().Dispose();
    }

    /// <summary>Whether the link stands, as far as it is known.</summary>
    public bool IsConnected => _connected;

    /// <summary>Raised, on any thread, whenever the link stands again: retained topics must be published anew, for the broker may have lost them.</summary>
    public event EventHandler? Connected;

    /// <summary>Waits until the link stands and nothing is left to deliver, or until patience ends.</summary>
    public async Task DeliverAsync(TimeSpan patience)
    {
        using var end = new CancellationTokenSource(patience, _time);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20), _time);
        try
        {
            while (!_greeted || _outbox.Count > 0) await timer.WaitForNextTickAsync(end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Who asked sees by the outbox what is left.
        }
    }

    /// <summary>Sends a message that is worth something only now; it is dropped while there is no connection. A retained one is acknowledged (QoS 1).</summary>
    public void Send(string topic, byte[] payload, bool retain = false)
    {
        if (_connected) _live.Writer.TryWrite(new(topic, payload, retain));
    }

    /// <summary>Stores messages that must arrive, before anything else happens to them.</summary>
    public void Store(params IReadOnlyCollection<OutboxMessage> messages)
    {
        _outbox.Add(messages);
        if (_stored.CurrentCount == 0) _stored.Release();
    }

    /// <summary>
    /// Runs until it is told to stop; then it empties the outbox if the link stands, says <c>stopped</c> and takes leave of the broker.
    /// Faults of the broker never end it.
    /// </summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var pause = _options.FirstPause;
        string? announced = null;
        while (!stop.IsCancellationRequested)
        {
            using var client = new MqttClientFactory().CreateMqttClient();
            var connected = long.MaxValue;
            try
            {
                await ConnectAsync(client, stop).ConfigureAwait(false);
                _logger.LogInformation("Connected to the broker {Address}; {Queued} messages waited.", _options.Address, _outbox.Count);
                connected = _time.GetTimestamp();
                await ServeAsync(client, stop).ConfigureAwait(false);
            }
            catch (Exception) when (stop.IsCancellationRequested)
            {
                // Told to stop: what the broker has not acknowledged stays in the outbox.
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                // A link that breaks as soon as it stands must not knock at the broker twice a second.
                if (connected != long.MaxValue && _time.GetElapsedTime(connected) > StableAfter) (pause, announced) = (_options.FirstPause, null);
                var sentence = Sentence(fault);
                if (sentence != announced) _logger.LogWarning("No connection to the broker {Address}: {Fault} Messages wait in the outbox; trying again.", _options.Address, sentence);
                announced = sentence;
            }
            finally
            {
                (_connected, _greeted) = (false, false);
            }

            if (stop.IsCancellationRequested) break;
            // Jitter keeps a ward of boxes from knocking at the same moment after the broker comes back.
            await Task.Delay(pause * (0.5 + 0.5 * Random.Shared.NextDouble()), _time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, _options.LongestPause.Ticks));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stored.Dispose();

    private async Task ConnectAsync(IMqttClient client, CancellationToken stop)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stop);
        timeout.CancelAfter(_options.Timeout);
        try
        {
            var result = await client.ConnectAsync(BrokerClientOptions.From(_options, _status), timeout.Token).ConfigureAwait(false);
            if (result.ResultCode != MqttClientConnectResultCode.Success)
                throw new IOException($"it refused: {result.ResultCode}{(result.ReasonString is { Length: > 0 } reason ? $" ({reason})" : "")}. Check user, password and access list.");
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new TimeoutException($"no answer within {_options.Timeout.TotalSeconds:0} s.");
        }
    }

    private async Task ServeAsync(IMqttClient client, CancellationToken stop)
    {
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task Lost(MqttClientDisconnectedEventArgs _) => lost.CancelAsync();
        client.DisconnectedAsync += Lost;
        await PublishAsync(client, _status.Topic, _status.Online, retain: true, MqttQualityOfServiceLevel.AtLeastOnce, stop).ConfigureAwait(false);
        // What was live before an outage is stale after it.
        while (_live.Reader.TryRead(out _))
        {
        }

        _connected = true;
        Connected?.Invoke(this, EventArgs.Empty);
        _greeted = true;
        var live = PassLiveMessagesAsync(client, lost);
        try
        {
            while (!lost.IsCancellationRequested)
            {
                await EmptyOutboxAsync(client, lost.Token).ConfigureAwait(false);
                await _stored.WaitAsync(lost.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            // Told to stop while a message was under way: it is sent again below.
        }
        finally
        {
            client.DisconnectedAsync -= Lost;
            await lost.CancelAsync().ConfigureAwait(false);
            await live.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (live is { IsFaulted: true, Exception.InnerException: { } fault } && !stop.IsCancellationRequested) throw fault;
        if (!stop.IsCancellationRequested) throw new IOException("the link broke.");
        await TakeLeaveAsync(client).ConfigureAwait(false);
    }

    private async Task TakeLeaveAsync(IMqttClient client)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2), _time);
        await EmptyOutboxAsync(client, patience.Token).ConfigureAwait(false);
        await PublishAsync(client, _status.Topic, _status.Stopped, retain: true, MqttQualityOfServiceLevel.AtLeastOnce, patience.Token).ConfigureAwait(false);
        await client.DisconnectAsync(new MqttClientDisconnectOptions(), patience.Token).ConfigureAwait(false);
    }

    private async Task EmptyOutboxAsync(IMqttClient client, CancellationToken stop)
    {
        // One after the other: the order of the alerts of a bed is kept, whatever fails in between.
        while (!stop.IsCancellationRequested && _outbox.Peek() is var (number, message))
        {
            var late = _time.GetUtcNow() - message.Stored > HistoricalAfter;
            try
            {
                await PublishAsync(client, message.Topic, late ? MarkHistorical(message.Payload) : message.Payload, message.Retain, MqttQualityOfServiceLevel.AtLeastOnce, stop).ConfigureAwait(false);
            }
            catch (RefusedMessageException refused) when (refused.ForGood)
            {
                // It would be refused every time, and everything behind it would wait for ever.
                _logger.LogError("Given up a message: {Fault}", refused.Message);
            }

            _outbox.Remove(number);
        }
    }

    private async Task PassLiveMessagesAsync(IMqttClient client, CancellationTokenSource lost)
    {
        try
        {
            await foreach (var (topic, payload, retain) in _live.Reader.ReadAllAsync(lost.Token).ConfigureAwait(false))
                await PublishAsync(client, topic, payload, retain, retain ? MqttQualityOfServiceLevel.AtLeastOnce : MqttQualityOfServiceLevel.AtMostOnce, lost.Token).ConfigureAwait(false);
        }
        finally
        {
            // Nobody else would notice a link that takes nothing any more while the outbox is empty.
            await lost.CancelAsync().ConfigureAwait(false);
        }
    }

    private async Task PublishAsync(IMqttClient client, string topic, byte[] payload, bool retain, MqttQualityOfServiceLevel quality, CancellationToken stop)
    {
        var message = new MqttApplicationMessageBuilder()
            .WithTopic(topic)
            .WithPayload(payload)
            .WithContentType("application/json")
            .WithRetainFlag(retain)
            .WithQualityOfServiceLevel(quality)
            .Build();
        // A link that looks alive but answers nothing is dead: judge by what was received.
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stop);
        timeout.CancelAfter(_options.Timeout);
        try
        {
            var result = await client.PublishAsync(message, timeout.Token).ConfigureAwait(false);
            if (!result.IsSuccess) throw new RefusedMessageException(topic, result.ReasonCode);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new TimeoutException($"the broker acknowledged nothing within {_options.Timeout.TotalSeconds:0} s.");
        }
    }

    private static byte[] MarkHistorical(byte[] payload)
    {
        if (JsonNode.Parse(payload) is not JsonObject json || !json.ContainsKey("historical")) return payload;
        json["historical"] = true;
        return System.Text.Encoding.UTF8.GetBytes(json.ToJsonString());
    }

    private static string Sentence(Exception fault) => fault.Message.EndsWith('.') ? fault.Message : fault.Message + ".";
}
