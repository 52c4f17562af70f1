using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using MQTTnet.Adapter;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace MQTTnet.Native;

/// <summary>
/// One connection, from resolving the name to the end: one libmosquitto handle, and one thread that alone touches it.
/// Everything asked of it goes through a queue and wakes the thread, so there is nothing to lock and no callback to race with.
/// The handle is never used twice: what libmosquitto would resend on a second connection dies with the first.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "The network thread disposes of everything when it ends, and nothing else can.")]
internal sealed unsafe partial class MosquittoConnection
{
    // libmosquitto numbers messages when they are handed over and does not look whether the number is taken.
    private const int MaximumInFlight = 1000;
    private const int ThreadStackSize = 512 * 1024;
    private const int TickMilliseconds = 1000;
    private const int HandshakeTickMilliseconds = 50;

    // net__init_tls of libmosquitto sets up OpenSSL for the process and is not thread-safe.
    private static readonly Lock TlsSetup = new();
    private static volatile bool tlsIsSetUp;

    private readonly MqttClientOptions options;
    private readonly MqttClientTcpOptions channel;
    private readonly IReadOnlyList<ConnectTarget> targets;
    private readonly ConcurrentQueue<Operation> requests = new();
    private readonly Queue<PublishOperation> unsent = new();
    private readonly Dictionary<int, Operation> unanswered = [];
    private readonly HashSet<int> ignoredIds = [];
    private readonly List<Operation> stranded = [];
    private readonly Queue<string> errors = new();
    private readonly Wakeup wakeup = new();
    private readonly TlsMaterial tls = new();
    private readonly TaskCompletionSource<ConnectOutcome> connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<ConnectionEnd> closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<MqttApplicationMessageReceivedEventArgs> messages =
        Channel.CreateUnbounded<MqttApplicationMessageReceivedEventArgs>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    private readonly Lock requestGate = new();
    private volatile bool aborted;
    private volatile bool reached;
    private bool acceptsRequests = true;
    private bool disconnecting;
    private ConnectionEnd? end;
    private Exception? callbackFailure;
    private PublishOperation? beingSent;
    private int* beingSentId;

    private MosquittoConnection(MqttClientOptions options, MqttClientTcpOptions channel, IReadOnlyList<ConnectTarget> targets)
    {
        this.options = options;
        this.channel = channel;
        this.targets = targets;
        HasProperties = options.ProtocolVersion == MqttProtocolVersion.V500;
    }

    /// <summary>The libmosquitto handle; for the network thread only.</summary>
    public nint Handle { get; private set; }

    /// <summary>Whether the protocol has properties.</summary>
    public bool HasProperties { get; }

    /// <summary>Completes when the connection is gone, whatever ended it. Never fails.</summary>
    public Task<ConnectionEnd> Closed => closed.Task;

    /// <summary>What arrived. Completes with the connection; what had arrived by then is still delivered, since it is acknowledged.</summary>
    public ChannelReader<MqttApplicationMessageReceivedEventArgs> Messages => messages.Reader;

    private bool UsesTls => channel.TlsOptions.UseTls;

    /// <summary>Asks for something; it fails at once when the connection is gone.</summary>
    public void Request(Operation operation)
    {
        lock (requestGate)
        {
            if (acceptsRequests)
            {
                requests.Enqueue(operation);
                wakeup.Signal();
                return;
            }
        }

        operation.Fail(closed.Task.IsCompletedSuccessfully ? closed.Task.Result.ForPendingOperation() : new MqttClientDisconnectedException(null));
    }

    /// <summary>Ends the connection without DISCONNECT, soon; from any thread, at any time.</summary>
    public void Abort()
    {
        aborted = true;
        wakeup.Signal();
    }

    /// <summary>Queues a message; called on the network thread.</summary>
    public void Enqueue(PublishOperation message) => unsent.Enqueue(message);

    /// <summary>Remembers who waits for an answer; called on the network thread.</summary>
    public void Await(int messageId, Operation operation) => unanswered[messageId] = operation;

    /// <summary>Keeps what could not be written until the end, which the next read will bring, says why; called on the network thread.</summary>
    public void Strand(Operation operation) => stranded.Add(operation);

    /// <summary>Sends DISCONNECT; called on the network thread.</summary>
    public void Disconnect(int reasonCode, nint properties)
    {
        disconnecting = true;
        var code = LibMosquitto.mosquitto_disconnect_v5(Handle, HasProperties ? reasonCode : 0, properties);
        if (code != LibMosquitto.Success)
            End(code, Marshal.GetLastPInvokeError());
    }

    private void Run()
    {
        var context = GCHandle.Alloc(this);
        try
        {
            Open(GCHandle.ToIntPtr(context));
            Reach();
            while (end is null)
                Turn();
        }
        catch (Exception failure)
        {
            // A thread has nobody to throw to: whoever waits for the connection gets the failure.
            end ??= new ConnectionEnd(MqttClientDisconnectReason.UnspecifiedError, Exception: failure);
        }
        finally
        {
            Close();
            context.Free();
        }
    }

    private void Open(nint context)
    {
        Handle = LibMosquitto.mosquitto_new(string.IsNullOrEmpty(options.ClientId) ? null : options.ClientId, options.CleanSession, context);
        if (Handle == 0)
            throw new MqttProtocolViolationException("The client identifier is not valid; without one the session must be clean.");

        Check(LibMosquitto.mosquitto_int_option(Handle, LibMosquitto.OptionProtocolVersion, (int)options.ProtocolVersion));
        Check(LibMosquitto.mosquitto_int_option(Handle, LibMosquitto.OptionSendMaximum, ushort.MaxValue));
        Check(LibMosquitto.mosquitto_int_option(Handle, LibMosquitto.OptionReceiveMaximum, options.ReceiveMaximum == 0 ? ushort.MaxValue : options.ReceiveMaximum));
        Check(LibMosquitto.mosquitto_int_option(Handle, LibMosquitto.OptionNoDelay, channel.NoDelay ? 1 : 0));
        SetCallbacks();
        SetCredentials();
        SetWill();
        if (UsesTls)
            tls.Apply(Handle, channel.TlsOptions);
        SetConnectProperties();
    }

    private void SetCredentials()
    {
        if (options.Credentials is not { } credentials)
            return;

        var password = credentials.GetPassword(options);
        if (password is not null && password.AsSpan().Contains((byte)0))
            throw new NotSupportedException("libmosquitto takes no password with a zero byte in it.");

        byte[]? terminated = password is null ? null : [.. password, 0];
        fixed (byte* text = terminated)
            Check(LibMosquitto.mosquitto_username_pw_set(Handle, credentials.GetUserName(options), text));
        if (terminated is not null)
            Array.Clear(terminated);
    }

    private void SetWill()
    {
        if (string.IsNullOrEmpty(options.WillTopic))
            return;

        using var properties = new PropertyWriter(HasProperties);
        if (options.WillPayloadFormatIndicator != MqttPayloadFormatIndicator.Unspecified)
            properties.AddByte(PropertyId.PayloadFormatIndicator, (byte)options.WillPayloadFormatIndicator);
        properties.AddInt32(PropertyId.WillDelayInterval, options.WillDelayInterval);
        properties.AddInt32(PropertyId.MessageExpiryInterval, options.WillMessageExpiryInterval);
        properties.AddString(PropertyId.ContentType, options.WillContentType);
        properties.AddString(PropertyId.ResponseTopic, options.WillResponseTopic);
        properties.AddBinary(PropertyId.CorrelationData, options.WillCorrelationData);
        properties.AddUserProperties(options.WillUserProperties);
        fixed (byte* payload = options.WillPayload)
        {
            Check(LibMosquitto.mosquitto_will_set_v5(
                Handle, options.WillTopic, options.WillPayload?.Length ?? 0, payload, (int)options.WillQualityOfServiceLevel, options.WillRetain, properties.List));
        }

        properties.Release();
    }

    /// <summary>
    /// Only the blocking connect takes properties, and only the other one can be given up. libmosquitto 2.0 keeps the properties of
    /// the blocking one for later connects, before it looks at the port: so an impossible port stores them and connects to nothing.
    /// </summary>
    private void SetConnectProperties()
    {
        using var properties = new PropertyWriter(HasProperties);
        properties.AddInt32(PropertyId.SessionExpiryInterval, options.SessionExpiryInterval);
        properties.AddInt32(PropertyId.MaximumPacketSize, options.MaximumPacketSize);
        if (!options.RequestProblemInformation)
            properties.AddByte(PropertyId.RequestProblemInformation, 0);
        if (options.RequestResponseInformation)
            properties.AddByte(PropertyId.RequestResponseInformation, 1);
        properties.AddUserProperties(options.UserProperties);
        if (properties.List == 0)
            return;

        const int InvalidArgument = 3;
        var code = LibMosquitto.mosquitto_connect_bind_v5(Handle, targets[0].Host, port: -1, KeepAliveSeconds(), null, properties.List);
        if (code != InvalidArgument)
            Check(code);
    }

    /// <summary>Makes the TCP connection, to the first of the targets that takes it.</summary>
    private void Reach()
    {
        Exception? failure = null;
        ConnectTarget last = default;
        foreach (var target in targets)
        {
            last = target;
            failure = Try(target);
            if (failure is null)
            {
                reached = true;
                return;
            }

            if (aborted)
                break;
        }

        var explanation = errors.Count > 0 ? string.Join(' ', errors) : failure?.Message;
        throw new MqttCommunicationException($"Error while connecting host '{last.Host}:{last.Port}'. {explanation}", failure);
    }

    private Exception? Try(ConnectTarget target)
    {
        var code = Connect(target);
        var errno = Marshal.GetLastPInvokeError();
        if (code != LibMosquitto.Success)
            return MosquittoError.FromCode(code, errno);

        while (!aborted)
        {
            var (network, _) = Poll(LibC.PollOut, Timeout.Infinite);
            if (network == 0)
                continue;

            var pending = LibC.PendingError(LibMosquitto.mosquitto_socket(Handle));
            return pending == 0 ? null : MosquittoError.FromErrno(pending);
        }

        return new OperationCanceledException();
    }

    private int Connect(ConnectTarget target)
    {
        if (!UsesTls || tlsIsSetUp)
            return LibMosquitto.mosquitto_connect_bind_async(Handle, target.Host, target.Port, KeepAliveSeconds(), target.BindAddress);

        lock (TlsSetup)
        {
            var code = LibMosquitto.mosquitto_connect_bind_async(Handle, target.Host, target.Port, KeepAliveSeconds(), target.BindAddress);
            tlsIsSetUp = true;
            return code;
        }
    }

    private int KeepAliveSeconds()
    {
        const int Lowest = 5;
        var seconds = (int)Math.Ceiling(Math.Min(options.KeepAlivePeriod.TotalSeconds, ushort.MaxValue));
        return seconds <= 0 ? 0 : Math.Max(seconds, Lowest);
    }

    /// <summary>One turn: wait for the network or a request, then serve both.</summary>
    private void Turn()
    {
        // During the TLS handshake libmosquitto wants to write CONNECT all the time, and cannot: asking for PollOut would spin.
        var handshake = UsesTls && !connected.Task.IsCompleted;
        var wantsWrite = !handshake && LibMosquitto.mosquitto_want_write(Handle);
        var (network, woken) = Poll((short)(LibC.PollIn | (wantsWrite ? LibC.PollOut : 0)), handshake ? HandshakeTickMilliseconds : TickMilliseconds);
        if (aborted)
        {
            end = new ConnectionEnd(MqttClientDisconnectReason.UnspecifiedError);
            return;
        }

        if (woken)
            StartRequests();
        if ((network & LibC.PollIn) != 0)
            Do(&LibMosquitto.mosquitto_loop_read);

        // The other side is gone: its last words, a DISCONNECT perhaps, are read before a write fails.
        while ((network & (LibC.PollError | LibC.PollHangUp)) != 0 && end is null)
            Do(&LibMosquitto.mosquitto_loop_read);
        if (handshake || (network & LibC.PollOut) != 0)
            Do(&LibMosquitto.mosquitto_loop_write);
        if (end is null)
        {
            var code = LibMosquitto.mosquitto_loop_misc(Handle);
            if (code != LibMosquitto.Success)
                End(code, Marshal.GetLastPInvokeError());
        }

        SendUnsent();
        if (callbackFailure is not null)
            end = new ConnectionEnd(MqttClientDisconnectReason.ImplementationSpecificError, Exception: callbackFailure);
    }

    private void Do(delegate*<nint, int, int> work)
    {
        if (end is not null)
            return;

        var code = work(Handle, 1);
        if (code != LibMosquitto.Success)
            End(code, Marshal.GetLastPInvokeError());
    }

    private (short Network, bool Woken) Poll(short events, int timeoutMilliseconds)
    {
        var descriptors = stackalloc LibC.PollDescriptor[2];
        descriptors[0] = new LibC.PollDescriptor { Descriptor = LibMosquitto.mosquitto_socket(Handle), Events = events };
        descriptors[1] = new LibC.PollDescriptor { Descriptor = wakeup.Descriptor, Events = LibC.PollIn };
        if (LibC.poll(descriptors, 2, timeoutMilliseconds) < 0)
        {
            var errno = Marshal.GetLastPInvokeError();
            return errno == LibC.Interrupted ? default : throw new Win32Exception(errno);
        }

        var woken = descriptors[1].Returned != 0;
        if (woken)
            wakeup.Reset();
        return (descriptors[0].Returned, woken);
    }

    private void StartRequests()
    {
        while (end is null && requests.TryDequeue(out var request))
        {
            if (request.IsOver && request is not PublishOperation)
                continue;

            try
            {
                request.Start(this);
            }
            catch (Exception failure) when (failure is MqttProtocolViolationException or MqttCommunicationException)
            {
                request.Fail(failure);
            }
        }
    }

    private void SendUnsent()
    {
        int id;
        while (end is null && unanswered.Count < MaximumInFlight && unsent.TryDequeue(out var message))
        {
            if (message.IsOver)
            {
                message.ReturnPayload();
                continue;
            }

            try
            {
                // Quality of service 0 is reported as sent from within the call, with the number already in place.
                id = 0;
                beingSent = message;
                beingSentId = &id;
                var code = message.Send(Handle, &id, HasProperties);
                if (MosquittoError.IsLoss(code))
                    Strand(message);
                else if (code != LibMosquitto.Success)
                    message.Refuse(code);
                else if (beingSent is not null && !unanswered.TryAdd(id, message))
                    Overtake(id, message);
            }
            catch (MqttProtocolViolationException failure)
            {
                message.ReturnPayload();
                message.Fail(failure);
            }
            finally
            {
                beingSent = null;
                beingSentId = null;
            }
        }
    }

    /// <summary>The number went round while an earlier message still holds it: let the newer one go unconfirmed rather than mix them up.</summary>
    private void Overtake(int id, PublishOperation message)
    {
        _ = ignoredIds.Add(id);
        message.Fail(new MqttCommunicationException("Too many messages are unacknowledged."));
    }

    /// <summary>Notes the first cause of the end; the callback of libmosquitto comes before its return code.</summary>
    private void End(int code, int errno)
    {
        if (end is not null)
            return;

        if (disconnecting)
        {
            end = new ConnectionEnd(MqttClientDisconnectReason.NormalDisconnection);
            return;
        }

        var cause = MosquittoError.FromCode(code, errno);
        var explanation = errors.Count > 0 ? string.Join(' ', errors) : cause.Message;
        end = code == LibMosquitto.KeepAlive
            ? new ConnectionEnd(MqttClientDisconnectReason.KeepAliveTimeout, Exception: new MqttCommunicationTimedOutException(cause))
            : new ConnectionEnd(MqttClientDisconnectReason.UnspecifiedError, Exception: new MqttCommunicationException($"The connection was lost. {explanation}", cause));
    }

    private void Close()
    {
        lock (requestGate)
            acceptsRequests = false;

        if (Handle != 0)
            LibMosquitto.mosquitto_destroy(Handle);
        Handle = 0;
        tls.Dispose();
        wakeup.Dispose();

        var failure = end!.ForPendingOperation();
        foreach (var operation in unanswered.Values.Concat(stranded).Concat(unsent).Concat(requests))
        {
            (operation as PublishOperation)?.ReturnPayload();
            operation.Fail(failure);
        }

        _ = messages.Writer.TryComplete();
        _ = connected.TrySetResult(new ConnectOutcome(null, ConnectFailure()));
        _ = closed.TrySetResult(end);
    }

    private Exception ConnectFailure()
    {
        var cause = end!.Exception ?? new MqttCommunicationException("Connection closed.");
        return !reached || (UsesTls && errors.Count > 0)
            ? cause
            : new MqttConnectingFailedException($"Error while authenticating. {cause.Message}", cause);
    }

    private static void Check(int code)
    {
        if (code != LibMosquitto.Success)
            throw new MqttCommunicationException($"libmosquitto refused the options: {LibMosquitto.Describe(code)}");
    }
}
