using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace System.IO.Ports;

/// <summary>
/// The bytes of an open port. What can be done at once is done by the caller; what must wait is served by one thread,
/// which sleeps in poll(2) until the line is ready, hung up, or wanted by somebody else.
/// </summary>
/// <remarks>
/// Reads and writes happen under the lock and never block, so a cancelled read has taken no byte, and a closed stream
/// leaves no reader behind. A hang-up (USB unplugged) ends every waiting request with an <see cref="IOException"/> and
/// so does it with all later ones: the line never goes silent (dotnet/runtime#121627).
/// </remarks>
internal sealed class SerialStream : Stream
{
    private readonly Lock _gate = new();
    private readonly Queue<SerialRequest> _reads = new();
    private readonly Queue<SerialRequest> _writes = new();
    private readonly SerialHandle _port;
    private readonly SafeFileHandle _wake;
    private readonly string _name;
    private readonly Thread _waiter;
    private short _awaited;
    private string? _fault;
    private bool _closed;

    internal SerialStream(string name, LineSettings settings)
    {
        _name = name;
        _port = SerialHandle.Open(name);
        try
        {
            settings.Apply(_port);
            _wake = Libc.NewEvent();
        }
        catch
        {
            _port.Dispose();
            throw;
        }

        _waiter = new Thread(Wait, maxStackSize: 256 * 1024) { IsBackground = true, Name = $"serial {name}" };
        _waiter.Start();
    }

    internal SerialHandle Handle => _port;

    internal bool IsOpen => !Volatile.Read(ref _closed);

    internal int UnsentBytes
    {
        get
        {
            lock (_gate)
                return _writes.Where(write => !write.Task.IsCompleted).Sum(write => write.Buffer.Length);
        }
    }

    /// <inheritdoc/>
    public override bool CanRead => IsOpen;

    /// <inheritdoc/>
    public override bool CanWrite => IsOpen;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanTimeout => IsOpen;

    /// <inheritdoc/>
    public override int ReadTimeout { get; set; } = SerialPort.InfiniteTimeout;

    /// <inheritdoc/>
    public override int WriteTimeout { get; set; } = SerialPort.InfiniteTimeout;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Waits for at least one byte, and gives what is there.</summary>
    /// <exception cref="IOException">The device is gone.</exception>
    /// <exception cref="ObjectDisposedException">The port was closed, before or meanwhile.</exception>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<int>(cancellationToken);

        SerialRequest? request = BeginRead(buffer, out int count);
        return request is null ? new(count)
            : cancellationToken.CanBeCanceled ? EndAsync(request, cancellationToken)
            : new(request.Task);
    }

    /// <summary>Hands all bytes to the driver; waits as long as the driver has no room.</summary>
    /// <exception cref="IOException">The device is gone.</exception>
    /// <exception cref="ObjectDisposedException">The port was closed, before or meanwhile.</exception>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        SerialRequest? request = BeginWrite(buffer);
        if (request is not null)
            _ = await EndAsync(request, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <inheritdoc/>
    public override IAsyncResult BeginRead(byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        TaskToAsyncResult.Begin(ReadAsync(buffer, offset, count, default), callback, state);

    /// <inheritdoc/>
    public override int EndRead(IAsyncResult asyncResult) => TaskToAsyncResult.End<int>(asyncResult);

    /// <inheritdoc/>
    public override IAsyncResult BeginWrite(byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        TaskToAsyncResult.Begin(WriteAsync(buffer, offset, count, default), callback, state);

    /// <inheritdoc/>
    public override void EndWrite(IAsyncResult asyncResult) => TaskToAsyncResult.End(asyncResult);

    /// <summary>Waits up to <see cref="ReadTimeout"/> for at least one byte, and gives what is there.</summary>
    /// <exception cref="TimeoutException">No byte came in time.</exception>
    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        SerialRequest? request = BeginRead(buffer.AsMemory(offset, count), out int read);
        return request is null ? read : End(request, ReadTimeout, "No byte arrived within {0} ms.");
    }

    /// <summary>Hands all bytes to the driver; waits up to <see cref="WriteTimeout"/> as long as the driver has no room.</summary>
    /// <exception cref="TimeoutException">The other end did not take all bytes in time; some may have gone.</exception>
    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        SerialRequest? request = BeginWrite(buffer.AsMemory(offset, count));
        if (request is not null)
            _ = End(request, WriteTimeout, "The device did not take all bytes within {0} ms.");
    }

    /// <summary>Waits until the driver has taken what was written before. It does not wait for the wire.</summary>
    public override void Flush()
    {
        if (LastWrite() is { } last)
            _ = Task.WaitAny(last.Task);
    }

    /// <inheritdoc cref="Flush"/>
    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (LastWrite() is { } last)
            await ((Task)last.Task).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    internal static string Gone(string name) => $"{name} is gone: the device was unplugged or switched off.";

    /// <summary>Forgets what the driver holds and, of writes, what it has not yet taken.</summary>
    internal unsafe void Discard(bool writes)
    {
        lock (_gate)
        {
            ThrowIfClosed();
            if (writes)
                Finish(_writes, static write => write.TrySetResult(0));
            _ = Libc.Ioctl(_port, Libc.TCFLSH, (void*)(writes ? 1 : 0));
        }
    }

    internal void ThrowIfClosed() => ObjectDisposedException.ThrowIf(_closed, typeof(SerialPort));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        lock (_gate)
        {
            if (_closed)
                return;
            Volatile.Write(ref _closed, true);
            Finish(_reads, static read => read.TrySetException(new ObjectDisposedException(typeof(SerialPort).FullName)));
            Finish(_writes, static write => write.TrySetException(new ObjectDisposedException(typeof(SerialPort).FullName)));
            Wake();
        }

        // The waiter never blocks but in poll, which has just been woken. Only then may the descriptors go: their
        // numbers could be given to other files at once.
        _waiter.Join();
        _port.Dispose();
        _wake.Dispose();
        base.Dispose(disposing);
    }

    private SerialRequest? BeginRead(Memory<byte> buffer, out int count)
    {
        lock (_gate)
        {
            ThrowIfUnusable();
            count = 0;
            if (buffer.IsEmpty)
                return null;

            if (!Waiting(_reads))
            {
                count = Transfer(buffer.Span, write: false);
                if (count > 0)
                    return null;
                ThrowIfUnusable();
            }

            return Enqueue(_reads, buffer, Libc.POLLIN);
        }
    }

    private SerialRequest? BeginWrite(ReadOnlyMemory<byte> buffer)
    {
        Memory<byte> rest = MemoryMarshal.AsMemory(buffer);
        lock (_gate)
        {
            ThrowIfUnusable();
            if (!Waiting(_writes))
            {
                while (!rest.IsEmpty && Transfer(rest.Span, write: true) is > 0 and int count)
                    rest = rest[count..];
                ThrowIfUnusable();
            }

            return rest.IsEmpty ? null : Enqueue(_writes, rest, Libc.POLLOUT);
        }
    }

    private SerialRequest Enqueue(Queue<SerialRequest> queue, Memory<byte> buffer, short readiness)
    {
        SerialRequest request = new(buffer);
        queue.Enqueue(request);
        if ((_awaited & readiness) == 0)
            Wake();
        return request;
    }

    private async ValueTask<int> EndAsync(SerialRequest request, CancellationToken cancellationToken)
    {
        using (cancellationToken.UnsafeRegister(static (state, token) =>
        {
            (SerialStream stream, SerialRequest request) = ((SerialStream, SerialRequest))state!;
            stream.GiveUp(request, token);
        }, (this, request)))
            return await request.Task.ConfigureAwait(false);
    }

    private int End(SerialRequest request, int timeout, string message)
    {
        if (Task.WaitAny([request.Task], timeout) < 0)
            GiveUp(request, default);
        return request.Task.IsCanceled
            ? throw new TimeoutException(string.Format(null, message, timeout))
            : request.Task.GetAwaiter().GetResult();
    }

    /// <summary>After this the request takes no byte any more: it is served under the same lock.</summary>
    private void GiveUp(SerialRequest request, CancellationToken cancellationToken)
    {
        lock (_gate)
            _ = request.TrySetCanceled(cancellationToken);
    }

    private SerialRequest? LastWrite()
    {
        lock (_gate)
        {
            ThrowIfUnusable();
            return Waiting(_writes) ? _writes.Last() : null;
        }
    }

    private void ThrowIfUnusable()
    {
        ThrowIfClosed();
        if (_fault is not null)
            throw new IOException(_fault);
    }

    private unsafe void Wake()
    {
        ulong one = 1;
        _ = Libc.Write(_wake, (byte*)&one, sizeof(ulong));
    }

    /// <summary>What the waiter thread does.</summary>
    private unsafe void Wait()
    {
        Libc.PollFd* watched = stackalloc Libc.PollFd[2];
        watched[0].Descriptor = (int)_port.DangerousGetHandle();
        watched[1].Descriptor = (int)_wake.DangerousGetHandle();
        watched[1].Events = Libc.POLLIN;

        while (true)
        {
            lock (_gate)
            {
                if (_closed || _fault is not null)
                    return;
                _awaited = (short)((Waiting(_reads) ? Libc.POLLIN : 0) | (Waiting(_writes) ? Libc.POLLOUT : 0));
                watched[0].Events = _awaited;
            }

            // A hang-up is reported even when nothing is awaited.
            if (Libc.Poll(watched, 2, -1) < 0)
            {
                int error = Marshal.GetLastPInvokeError();
                if (error == Libc.EINTR)
                    continue;
                lock (_gate)
                    Fail($"{_name} cannot be watched: {Marshal.GetPInvokeErrorMessage(error)}.");
                return;
            }

            if (watched[1].Returned != 0)
            {
                ulong count;
                _ = Libc.Read(_wake, (byte*)&count, sizeof(ulong));
            }

            if (watched[0].Returned != 0)
                Serve((watched[0].Returned & (Libc.POLLHUP | Libc.POLLERR | Libc.POLLNVAL)) != 0);
        }
    }

    private void Serve(bool gone)
    {
        lock (_gate)
        {
            if (_closed)
                return;

            while (Waiting(_reads))
            {
                int count = Transfer(_reads.Peek().Buffer.Span, write: false);
                if (count == 0)
                    break;
                _ = _reads.Dequeue().TrySetResult(count);
            }

            while (Waiting(_writes))
            {
                SerialRequest write = _writes.Peek();
                int count = Transfer(write.Buffer.Span, write: true);
                if (count == 0)
                    break;
                write.Buffer = write.Buffer[count..];
                if (write.Buffer.IsEmpty)
                    _ = _writes.Dequeue().TrySetResult(0);
            }

            if (gone)
                Fail(Gone(_name));
        }
    }

    /// <summary>One read or write: the number of bytes, or 0 when the line is not ready (or has failed: see the fault).</summary>
    private unsafe int Transfer(Span<byte> bytes, bool write)
    {
        fixed (byte* start = bytes)
        {
            while (true)
            {
                nint count = write ? Libc.Write(_port, start, bytes.Length) : Libc.Read(_port, start, bytes.Length);
                if (count > 0)
                    return (int)count;

                int error = count == 0 ? 0 : Marshal.GetLastPInvokeError();
                if (error == Libc.EINTR)
                    continue;
                if (error == 0 && !write || error is Libc.EIO or Libc.ENXIO or Libc.ENODEV)
                    Fail(Gone(_name));
                else if (error is not (0 or Libc.EAGAIN))
                    Fail($"{_name} has failed: {Marshal.GetPInvokeErrorMessage(error)}.");
                return 0;
            }
        }
    }

    private void Fail(string fault)
    {
        if (_fault is not null)
            return;
        _fault = fault;
        Finish(_reads, read => read.TrySetException(new IOException(fault)));
        Finish(_writes, write => write.TrySetException(new IOException(fault)));
    }

    /// <summary>Whether a request waits; drops those that were given up.</summary>
    private static bool Waiting(Queue<SerialRequest> queue)
    {
        while (queue.TryPeek(out SerialRequest? request))
        {
            if (!request.Task.IsCompleted)
                return true;
            _ = queue.Dequeue();
        }

        return false;
    }

    private static void Finish(Queue<SerialRequest> queue, Action<SerialRequest> how)
    {
        while (queue.TryDequeue(out SerialRequest? request))
            how(request);
    }
}
