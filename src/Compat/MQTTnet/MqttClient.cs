using System.Diagnostics.CodeAnalysis;
using MQTTnet.Diagnostics.PacketInspection;
using MQTTnet.Exceptions;
using MQTTnet.Native;

namespace MQTTnet;

/// <summary>The client: a sequence of connections, at most one at a time, and the events around them.</summary>
internal sealed class MqttClient : IMqttClient
{
    // A topic nobody subscribes to: unsubscribing from it is the one round trip libmosquitto offers for any broker.
    private const string PingFilter = "$mqttnet/ping";

    private readonly EventHandlers<MqttApplicationMessageReceivedEventArgs> messageReceived = new();
    private readonly EventHandlers<MqttClientConnectedEventArgs> connected = new();
    private readonly EventHandlers<MqttClientConnectingEventArgs> connecting = new();
    private readonly EventHandlers<MqttClientDisconnectedEventArgs> disconnected = new();
    private readonly Lock gate = new();
    private State state = State.Disconnected;
    private MosquittoConnection? connection;
    private CancellationTokenSource? attempt;

    private enum State
    {
        Disconnected,
        Connecting,
        Connected,
        Disconnecting,
        Disposed,
    }

    public event Func<MqttApplicationMessageReceivedEventArgs, Task> ApplicationMessageReceivedAsync
    {
        add => messageReceived.Add(value);
        remove => messageReceived.Remove(value);
    }

    public event Func<MqttClientConnectedEventArgs, Task> ConnectedAsync
    {
        add => connected.Add(value);
        remove => connected.Remove(value);
    }

    public event Func<MqttClientConnectingEventArgs, Task> ConnectingAsync
    {
        add => connecting.Add(value);
        remove => connecting.Remove(value);
    }

    public event Func<MqttClientDisconnectedEventArgs, Task> DisconnectedAsync
    {
        add => disconnected.Add(value);
        remove => disconnected.Remove(value);
    }

    [SuppressMessage("Design", "CA1065", Justification = "There is no other place to say it.")]
    public event Func<InspectMqttPacketEventArgs, Task> InspectPacketAsync
    {
        add => throw new NotSupportedException("libmosquitto does not show packets.");
        remove
        {
            // None was added.
        }
    }

    public bool IsConnected
    {
        get
        {
            lock (gate)
                return state == State.Connected;
        }
    }

    public MqttClientOptions? Options { get; private set; }

    public async Task<MqttClientConnectResult> ConnectAsync(MqttClientOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.ChannelOptions is null)
            throw new ArgumentException("ChannelOptions are not set.");

        FeatureValidator.ThrowIfNotSupported(options);
        using var abandon = BeginAttempt(options, cancellationToken);
        MosquittoConnection? opened = null;
        MqttClientConnectResult result;
        try
        {
            await connecting.InvokeAsync(new MqttClientConnectingEventArgs(options)).ConfigureAwait(false);
            abandon.Token.ThrowIfCancellationRequested();
            opened = await MosquittoConnection.StartAsync(options, abandon.Token).ConfigureAwait(false);
            result = await opened.WaitForAnswerAsync(abandon.Token).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            opened?.Abort();
            EndAttempt(null, failure);
            throw;
        }

        if (result.ResultCode != MqttClientConnectResultCode.Success)
        {
            EndAttempt(result, null);
            return result;
        }

        if (!Adopt(opened))
        {
            opened.Abort();
            ThrowIfDisposed();
            var withdrawn = new OperationCanceledException("Disconnected while connecting.");
            EndAttempt(result, withdrawn);
            throw withdrawn;
        }

        _ = DeliverAsync(opened);
        _ = WatchAsync(opened);
        try
        {
            await connected.InvokeAsync(new MqttClientConnectedEventArgs(result)).ConfigureAwait(false);
        }
        catch
        {
            // As with the official client a handler that fails ends the connection, and the caller hears of it.
            opened.Abort();
            throw;
        }

        return result;
    }

    public async Task DisconnectAsync(MqttClientDisconnectOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        MosquittoConnection leaving;
        lock (gate)
        {
            ThrowIfDisposed();
            switch (state)
            {
                case State.Connecting:
                    _ = attempt?.CancelAsync();
                    throw new MqttClientNotConnectedException();
                case State.Connected:
                    state = State.Disconnecting;
                    leaving = connection!;
                    break;
                default:
                    return;
            }
        }

        leaving.Request(new DisconnectOperation(options));
        using var timeout = Deadline(cancellationToken);
        try
        {
            _ = await leaving.Closed.WaitAsync(timeout?.Token ?? cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            leaving.Abort();
            Leave(leaving, new ConnectionEnd((MqttClientDisconnectReason)options.Reason, options.ReasonString, options.UserProperties));
        }
    }

    public async Task PingAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _ = await RequestAsync(Connection(), new UnsubscribeOperation([PingFilter], null), cancellationToken).ConfigureAwait(false);
    }

    public Task<MqttClientPublishResult> PublishAsync(MqttApplicationMessage applicationMessage, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentNullException.ThrowIfNull(applicationMessage);
        TopicValidator.ThrowIfInvalid(applicationMessage);
        var current = Connection();
        FeatureValidator.ThrowIfNotSupported(applicationMessage, Options!);
        var operation = new PublishOperation(applicationMessage);
        current.Request(operation);
        return operation.WaitAsync(cancellationToken);
    }

    public Task SendEnhancedAuthenticationExchangeDataAsync(MqttEnhancedAuthenticationExchangeData data, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("libmosquitto does not offer enhanced authentication.");

    public async Task<MqttClientSubscribeResult> SubscribeAsync(MqttClientSubscribeOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.TopicFilters is not { Count: > 0 })
            throw new MqttProtocolViolationException("At least one topic filter must be set [MQTT-3.8.3-3].");
        foreach (var filter in options.TopicFilters)
            TopicValidator.ThrowIfInvalidFilter(filter.Topic);

        // libmosquitto sends one quality of service and one set of options in each SUBSCRIBE.
        var current = Connection();
        var results = await Task.WhenAll(options.TopicFilters
            .GroupBy(filter => (filter.QualityOfServiceLevel, filter.NoLocal, filter.RetainAsPublished, filter.RetainHandling))
            .Select(group => RequestAsync(
                current, new SubscribeOperation([.. group], options.SubscriptionIdentifier, options.UserProperties), cancellationToken)))
            .ConfigureAwait(false);
        if (results.Length == 1)
            return results[0];

        var items = results.SelectMany(result => result.Items).OrderBy(item => options.TopicFilters.IndexOf(item.TopicFilter));
        return new MqttClientSubscribeResult(
            results[^1].PacketIdentifier, [.. items], results[^1].ReasonString, [.. results.SelectMany(result => result.UserProperties)]);
    }

    public async Task<MqttClientUnsubscribeResult> UnsubscribeAsync(MqttClientUnsubscribeOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.TopicFilters is not { Count: > 0 })
            throw new MqttProtocolViolationException("At least one topic filter must be set [MQTT-3.10.3-2].");
        foreach (var filter in options.TopicFilters)
            TopicValidator.ThrowIfInvalidFilter(filter);

        return await RequestAsync(Connection(), new UnsubscribeOperation([.. options.TopicFilters], options.UserProperties), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the connection without DISCONNECT, so the server publishes the will.</summary>
    public void Dispose()
    {
        MosquittoConnection? abandoned;
        lock (gate)
        {
            if (state == State.Disposed)
                return;

            state = State.Disposed;
            abandoned = connection;
            connection = null;
            _ = attempt?.CancelAsync();
        }

        abandoned?.Abort();
    }

    private async Task<TResult> RequestAsync<TResult>(MosquittoConnection target, Operation<TResult> operation, CancellationToken cancellationToken)
    {
        using var timeout = Deadline(cancellationToken);
        target.Request(operation);
        return await operation.WaitAsync(timeout?.Token ?? cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A caller without a cancellation token waits as long as the options say.</summary>
    private CancellationTokenSource? Deadline(CancellationToken cancellationToken) =>
        cancellationToken.CanBeCanceled ? null : new CancellationTokenSource(Options!.Timeout);

    private CancellationTokenSource BeginAttempt(MqttClientOptions options, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            ThrowIfDisposed();
            if (state == State.Connected)
                throw new InvalidOperationException("It is not allowed to connect with a server after the connection is established.");
            if (state != State.Disconnected)
                throw new InvalidOperationException("Not allowed to connect while connect/disconnect is pending.");

            state = State.Connecting;
            Options = options;
            attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (!cancellationToken.CanBeCanceled)
                attempt.CancelAfter(options.Timeout);
            return attempt;
        }
    }

    private void EndAttempt(MqttClientConnectResult? result, Exception? failure)
    {
        lock (gate)
        {
            attempt = null;
            if (state == State.Disposed)
                return;

            state = State.Disconnected;
        }

        RaiseDisconnected(new MqttClientDisconnectedEventArgs(
            clientWasConnected: false, result, MqttClientDisconnectReason.UnspecifiedError, result?.ReasonString, result?.UserProperties, failure));
    }

    private bool Adopt(MosquittoConnection opened)
    {
        lock (gate)
        {
            if (state != State.Connecting || attempt!.IsCancellationRequested)
                return false;

            state = State.Connected;
            attempt = null;
            connection = opened;
            return true;
        }
    }

    /// <summary>Hands messages to the handlers, one after the other, until the connection has ended and all are handed over.</summary>
    private async Task DeliverAsync(MosquittoConnection source)
    {
        // Off the caller's thread: a handler may take its time.
        await Task.Yield();
        await foreach (var message in source.Messages.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                await messageReceived.InvokeAsync(message).ConfigureAwait(false);
            }
            catch
            {
                // As with the official client a handler that fails loses its message, not the connection. There is nobody to tell.
            }
        }
    }

    private async Task WatchAsync(MosquittoConnection watched)
    {
        var end = await watched.Closed.ConfigureAwait(false);
        lock (gate)
        {
            // DisconnectAsync reports its own end.
            if (state != State.Connected || connection != watched)
                return;

            state = State.Disconnecting;
        }

        Leave(watched, end);
    }

    private void Leave(MosquittoConnection left, ConnectionEnd end)
    {
        lock (gate)
        {
            if (state == State.Disposed || connection != left)
                return;

            connection = null;
            state = State.Disconnected;
        }

        RaiseDisconnected(new MqttClientDisconnectedEventArgs(
            clientWasConnected: true, null, end.Reason, end.ReasonString, end.UserProperties, end.Exception));
    }

    private void RaiseDisconnected(MqttClientDisconnectedEventArgs args) => _ = Task.Run(async () =>
    {
        try
        {
            await disconnected.InvokeAsync(args).ConfigureAwait(false);
        }
        catch
        {
            // As with the official client: the handler runs on its own, and there is nobody to tell.
        }
    });

    private MosquittoConnection Connection()
    {
        lock (gate)
        {
            ThrowIfDisposed();
            return state == State.Connected ? connection! : throw new MqttClientNotConnectedException();
        }
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(state == State.Disposed, typeof(IMqttClient));
}
