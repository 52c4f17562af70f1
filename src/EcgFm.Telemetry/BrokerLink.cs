using System.Threading.Channels;
using EcgFm.Telemetry.Commands;
using EcgFm.Telemetry.Messages;
using EcgFm.Telemetry.Outbox;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Exceptions;
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

    /// <summary>A broker that takes longer than this to answer is behind a slow link: bulky messages would only keep alerts waiting.</summary>
    private static readonly TimeSpan SlowAnswer = TimeSpan.FromSeconds(1);

    /// <summary>Who is told to stop has so long to deliver what waits, and once more to take leave.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    /// <summary>A snippet under which the link broke so often, one time after the other, is given up: some brokers end the connection instead of refusing a message.</summary>
    private const int MostBreaks = 3;

    /// <summary>A link that carries less is of no use.</summary>
    private const int SlowestBytesPerSecond = 8192;

    private readonly Channel<LiveMessage> _live = Channel.CreateBounded<LiveMessage>(new BoundedChannelOptions(512) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
    private readonly SemaphoreSlim _stored = new(1);
    private readonly BrokerOptions _options;
    private readonly MessageOutbox _outbox;
    private readonly RetainedStatus _status;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private CommandListener? _commands;
    private LinkState _state;
    private volatile bool _greeted;
    private volatile bool _slow;
    private (string? Topic, int Times) _brokeUnder;
    private long _underWay;
    private uint _largestPacket;

    /// <param name="options">How to reach the broker.</param>
    /// <param name="outbox">What must arrive.</param>
    /// <param name="status">The retained status, and the last will.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">One line per outage, one when it is over.</param>
    /// <exception cref="DllNotFoundException">The client's library is not installed; the message names the package.</exception>
    public BrokerLink(BrokerOptions options, MessageOutbox outbox, RetainedStatus status, TimeProvider time, ILogger logger)
    {
        (_options, _outbox, _status, _time, _logger) = (options, outbox, status, time, logger);
        _state = new(Stands: false, time.GetUtcNow());
        // A missing library is found out at the start, not as an outage later.
        new MqttClientFactory().CreateMqttClient().Dispose();
    }

    /// <summary>Whether the link stands, as far as it is known.</summary>
    public bool IsConnected => Volatile.Read(ref _state).Stands;

    /// <summary>How the way to the broker is.</summary>
    public TelemetryCondition Condition
    {
        get
        {
            var ((stands, since), (queued, fill, discarded, fault, setAside)) = (Volatile.Read(ref _state), _outbox.Condition);
            return new(stands, since, queued, fill, discarded, fault, setAside);
        }
    }

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

    /// <summary>Stores messages that must arrive, and state with them, before anything else happens to them.</summary>
    public void Store(IReadOnlyCollection<OutboxMessage> messages, params IReadOnlyCollection<StoredState> state)
    {
        _outbox.Add(messages, state);
        Wake();
    }

    /// <summary>Sends something that the broker keeps, to be sent anew on each connection; it is dropped while there is none.</summary>
    public void Announce(string topic, byte[] payload) => Send(new(topic, payload) { Retain = true, Quality = MqttQualityOfServiceLevel.AtLeastOnce });

    /// <summary>Says anew what the daemon is: now, where the link stands, and on every connection to come.</summary>
    public void Renew(StatusMessage status)
    {
        _status.Renew(status);
        Send(Status(_status.Online));
    }

    /// <summary>Takes commands from the next connection on.</summary>
    internal void Listen(CommandListener commands) => _commands = commands;

    /// <summary>Sends a message that is worth something only now; it is dropped while there is no connection.</summary>
    internal void Send(LiveMessage message)
    {
        if (IsConnected && !(message.Bulky && _slow)) _live.Writer.TryWrite(message);
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
                if (_greeted && _outbox.Peek() is { Message.Priority: MessagePriority.Snippet } first) Broke(first);
            }
            finally
            {
                (_greeted, _slow) = (false, false);
                Change(stands: false);
                // The broker may have died, and with it what it had acknowledged and not yet written.
                _outbox.Rewind();
            }

            if (stop.IsCancellationRequested) break;
            _outbox.Tend(_options.Resend);
            // Jitter keeps a ward of boxes from knocking at the same moment after the broker comes back.
            await Task.Delay(pause * (0.5 + 0.5 * Random.Shared.NextDouble()), _time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, _options.LongestPause.Ticks));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stored.Dispose();

    private async Task ConnectAsync(IMqttClient client, CancellationToken stop)
    {
        var result = await AskAsync(token => client.ConnectAsync(BrokerClientOptions.From(_options, _status), token), "it did not answer", stop).ConfigureAwait(false);
        if (result.ResultCode != MqttClientConnectResultCode.Success)
            throw new IOException($"it refused: {result.ResultCode}{(result.ReasonString is { Length: > 0 } reason ? $" ({reason})" : "")}. Check user, password and access list.");
        _largestPacket = result.MaximumPacketSize ?? uint.MaxValue;
    }

    private async Task ServeAsync(IMqttClient client, CancellationToken stop)
    {
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task Lost(MqttClientDisconnectedEventArgs _) => lost.CancelAsync();
        client.DisconnectedAsync += Lost;
        var said = _status.Online;
        try
        {
            await PublishAsync(client, Status(said), stop).ConfigureAwait(false);
            await SubscribeAsync(client, stop).ConfigureAwait(false);
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            // Told to stop in the moment of connecting: without a word it would be offline, not stopped.
            await TakeLeaveAsync(client).ConfigureAwait(false);
            return;
        }

        // What was live before an outage is stale after it.
        while (_live.Reader.TryRead(out _))
        {
        }

        Change(stands: true);
        // It was renewed while it was on its way.
        if (_status.Online != said) Send(Status(_status.Online));
        Connected?.Invoke(this, EventArgs.Empty);
        _greeted = true;
        var others = Task.WhenAll(PassLiveMessagesAsync(client, lost), WatchAsync(client, lost));
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
        catch (OperationCanceledException)
        {
            // The link is lost; whoever noticed says why.
        }
        finally
        {
            client.DisconnectedAsync -= Lost;
            await lost.CancelAsync().ConfigureAwait(false);
            await others.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (others is { IsFaulted: true, Exception.InnerException: { } fault } && !stop.IsCancellationRequested) throw fault;
        if (!stop.IsCancellationRequested) throw new IOException("the link broke.");
        await TakeLeaveAsync(client).ConfigureAwait(false);
    }

    private async Task TakeLeaveAsync(IMqttClient client)
    {
        using var emptying = new CancellationTokenSource(Farewell, _time);
        try
        {
            await EmptyOutboxAsync(client, emptying.Token).ConfigureAwait(false);
        }
        catch (Exception left) when (left is OperationCanceledException or RefusedMessageException)
        {
            // What is left waits for the next start; without a word the last will would say offline, as of a box that died.
        }

        using var leaving = new CancellationTokenSource(Farewell, _time);
        await PublishAsync(client, Status(_status.Stopped), leaving.Token).ConfigureAwait(false);
        await client.DisconnectAsync(new MqttClientDisconnectOptions(), leaving.Token).ConfigureAwait(false);
        // A broker that takes leave in good order has what it acknowledged.
        _outbox.Tend(TimeSpan.Zero);
    }

    private async Task SubscribeAsync(IMqttClient client, CancellationToken stop)
    {
        if (_commands is not { } commands) return;
        client.ApplicationMessageReceivedAsync += received =>
        {
            if (commands.Take(received.ApplicationMessage) is { } answer) Send(answer);
            return Task.CompletedTask;
        };
        var filters = new MqttClientSubscribeOptionsBuilder();
        foreach (var filter in commands.Filters) filters.WithTopicFilter(filter, MqttQualityOfServiceLevel.AtLeastOnce);
        var result = await AskAsync(token => client.SubscribeAsync(filters.Build(), token), "it did not answer", stop).ConfigureAwait(false);
        if (result.Items.FirstOrDefault(item => item.ResultCode > MqttClientSubscribeResultCode.GrantedQoS2) is { } refused)
            _logger.LogError("The broker lets nobody subscribe to {Topic}: {Code}. Commands do not come through; check its access list.", refused.TopicFilter.Topic, refused.ResultCode);
    }

    private async Task EmptyOutboxAsync(IMqttClient client, CancellationToken stop)
    {
        // One after the other: the order of the alerts of a bed is kept, whatever fails in between.
        while (!stop.IsCancellationRequested && _outbox.Peek() is { } stored)
        {
            var message = stored.Message;
            // A list is of now, whenever it comes.
            var late = !message.Retain && _time.GetUtcNow() - message.Stored > HistoricalAfter;
            try
            {
                var live = new LiveMessage(message.Topic, late ? MarkHistorical(message.Payload) : message.Payload) { Retain = message.Retain, Quality = MqttQualityOfServiceLevel.AtLeastOnce };
                await PublishAsync(client, live, stop).ConfigureAwait(false);
            }
            catch (RefusedMessageException refused) when (refused.ForGood || message.Priority == MessagePriority.Snippet)
            {
                // Everything behind it would wait as long as it is refused; and no alert waits for a snippet, which an access list may shut out on purpose.
                GiveUp(stored, refused.Message);
                continue;
            }

            _outbox.Acknowledge(stored);
        }
    }

    private void Broke(StoredMessage under)
    {
        _brokeUnder = (under.Message.Topic, _brokeUnder.Topic == under.Message.Topic ? _brokeUnder.Times + 1 : 1);
        if (_brokeUnder.Times == MostBreaks) GiveUp(under, $"the link broke {MostBreaks} times under {under.Message.Payload.Length} bytes on {under.Message.Topic}. Check the broker's access list and limits.");
    }

    private void GiveUp(StoredMessage message, string why)
    {
        _logger.LogError("Given up a message: {Fault}", why);
        _outbox.GiveUp(message);
    }

    private async Task PassLiveMessagesAsync(IMqttClient client, CancellationTokenSource lost)
    {
        try
        {
            var refused = new HashSet<string>();
            await foreach (var message in _live.Reader.ReadAllAsync(lost.Token).ConfigureAwait(false))
            {
                try
                {
                    await PublishAsync(client, message, lost.Token).ConfigureAwait(false);
                }
                catch (RefusedMessageException fault)
                {
                    // Alerts do not suffer for what is worth something only now.
                    if (refused.Add(message.Topic)) _logger.LogWarning("Left out: {Fault}", fault.Message);
                }
            }
        }
        finally
        {
            // Nobody else would notice a link that takes nothing any more while the outbox is empty.
            await lost.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Asks the broker for a sign of life twice in each keep-alive, whatever else is sent: a half-open link takes everything and answers nothing, and what counts is what was received.
    /// </summary>
    private async Task WatchAsync(IMqttClient client, CancellationTokenSource lost)
    {
        using var timer = new PeriodicTimer(_options.KeepAlive / 2, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(lost.Token).ConfigureAwait(false))
            {
                var asked = _time.GetTimestamp();
                await AskAsync(token => PingAsync(client, token), "it gave no sign of life", lost.Token).ConfigureAwait(false);
                Slow(_time.GetElapsedTime(asked) > SlowAnswer);
                _outbox.Tend(_options.Resend);
            }
        }
        finally
        {
            await lost.CancelAsync().ConfigureAwait(false);
        }
    }

    private async Task PublishAsync(IMqttClient client, LiveMessage live, CancellationToken stop)
    {
        if (live.LargestPacket > _largestPacket) throw new RefusedMessageException(live, RefusedMessageException.TooLarge);
        var message = new MqttApplicationMessageBuilder()
            .WithTopic(live.Topic)
            .WithPayload(live.Payload)
            .WithContentType(live.ContentType)
            .WithRetainFlag(live.Retain)
            .WithQualityOfServiceLevel(live.Quality);
        if (live.Correlation is { } correlation) message = message.WithCorrelationData(correlation);
        Interlocked.Add(ref _underWay, live.Payload.Length);
        try
        {
            var result = await AskAsync(token => client.PublishAsync(message.Build(), token), "it acknowledged nothing", stop).ConfigureAwait(false);
            if (!result.IsSuccess) throw new RefusedMessageException(live, result.ReasonCode);
        }
        finally
        {
            Interlocked.Add(ref _underWay, -live.Payload.Length);
        }
    }

    private static async Task<bool> PingAsync(IMqttClient client, CancellationToken stop)
    {
        await client.PingAsync(stop).ConfigureAwait(false);
        return true;
    }

    /// <summary>
    /// Waits for the broker's answer. A link that looks alive but answers nothing is dead: it is judged by what was received. On a narrow link an answer takes longer
    /// while something large is under way, which would otherwise be sent again and again and never arrive.
    /// </summary>
    private async Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> ask, string silence, CancellationToken stop)
    {
        var patience = _options.Timeout + TimeSpan.FromSeconds((double)Interlocked.Read(ref _underWay) / SlowestBytesPerSecond);
        using var end = new CancellationTokenSource(patience, _time);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stop, end.Token);
        try
        {
            return await ask(timeout.Token).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is OperationCanceledException or MqttCommunicationTimedOutException)
        {
            // The client has two ways to say that somebody has stopped waiting.
            stop.ThrowIfCancellationRequested();
            throw new TimeoutException($"{silence} within {patience.TotalSeconds:0} s.");
        }
    }

    private LiveMessage Status(byte[] payload) => new(_status.Topic, payload) { Retain = true, Quality = MqttQualityOfServiceLevel.AtLeastOnce };

    private void Change(bool stands)
    {
        if (_state.Stands != stands) Volatile.Write(ref _state, new(stands, _time.GetUtcNow()));
    }

    private void Slow(bool slow)
    {
        if (slow && !_slow) _logger.LogWarning("The link is slow: waveforms are left out until it is better.");
        if (!slow && _slow) _logger.LogInformation("The link is better: waveforms are sent again.");
        _slow = slow;
    }

    private void Wake()
    {
        try
        {
            if (_stored.CurrentCount == 0) _stored.Release();
        }
        catch (ObjectDisposedException)
        {
            // The daemon ends: what was stored is sent after the next start.
        }
    }

    /// <summary>The message with <c>"historical":true</c>, otherwise byte for byte as it was: what comes twice tells the same.</summary>
    private static byte[] MarkHistorical(byte[] payload)
    {
        var before = "\"historical\":false"u8;
        // The last one is the message's own; within a text the quotes would be escaped.
        var at = payload.AsSpan().LastIndexOf(before);
        return at < 0 ? payload : [.. payload.AsSpan(0, at), .. "\"historical\":true"u8, .. payload.AsSpan(at + before.Length)];
    }

    private static string Sentence(Exception fault) => fault.Message.EndsWith('.') ? fault.Message : fault.Message + ".";
}
