using System.ComponentModel;
using System.Runtime.InteropServices;
using EcgFm.Acquisition.Transports;
using Microsoft.Win32.SafeHandles;

namespace EcgFm.Acquisition.Emulation;

/// <summary>The device's end of a <see cref="Pty"/>: waits in poll(2), on threads of its own when asynchronous.</summary>
internal sealed class PtyStream(SafeFileHandle master) : LineStream
{
    private readonly SafeFileHandle _hungUp = NewEvent();

    public override bool CanRead => !master.IsClosed;

    public override bool CanWrite => !master.IsClosed;

    public override bool CanTimeout => true;

    public override int ReadTimeout { get; set; } = Timeout.Infinite;

    public override int WriteTimeout { get; set; } = Timeout.Infinite;

    public int Offer(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return 0;
        nint count = PtyNative.write(master, in MemoryMarshal.GetReference(bytes), bytes.Length);
        return count >= 0 ? (int)count : Nothing();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer) => Read(buffer, ReadTimeout, default);

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer) => Write(buffer, WriteTimeout, default);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        TryRead(buffer.Span) is > 0 and int count ? new(count)
            : new(OnOwnThread(() => Read(buffer.Span, Timeout.Infinite, cancellationToken), cancellationToken));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ReadOnlyMemory<byte> rest = buffer[Offer(buffer.Span)..];
        return rest.IsEmpty ? ValueTask.CompletedTask : new(OnOwnThread(
            () =>
            {
                Write(rest.Span, Timeout.Infinite, cancellationToken);
                return 0;
            },
            cancellationToken));
    }

    protected override void Dispose(bool disposing)
    {
        // Who waits holds a reference; the descriptor closes, and the line hangs up, as soon as they have left.
        if (!master.IsClosed)
        {
            Signal(_hungUp);
            master.Dispose();
            _hungUp.Dispose();
        }

        base.Dispose(disposing);
    }

    private static SafeFileHandle NewEvent() => new(PtyNative.eventfd(0, PtyNative.NonBlocking | PtyNative.CloseOnExec), ownsHandle: true);

    private static void Signal(SafeFileHandle raised) => PtyNative.write(raised, in BitConverter.GetBytes(1L)[0], sizeof(long));

    private static Task<int> OnOwnThread(Func<int> wait, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(wait, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static int Nothing()
    {
        int error = Marshal.GetLastPInvokeError();
        return error is PtyNative.Again or PtyNative.Interrupted ? 0 : throw new IOException("The pseudo-terminal is gone.", new Win32Exception(error));
    }

    private int TryRead(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            return 0;
        nint count = PtyNative.read(master, ref MemoryMarshal.GetReference(buffer), buffer.Length);
        return count >= 0 ? (int)count : Nothing();
    }

    private int Read(Span<byte> buffer, int timeout, CancellationToken cancellationToken)
    {
        int count;
        while ((count = TryRead(buffer)) == 0 && !buffer.IsEmpty)
            Await(PtyNative.In, timeout, cancellationToken);
        return count;
    }

    private void Write(ReadOnlySpan<byte> rest, int timeout, CancellationToken cancellationToken)
    {
        while (!(rest = rest[Offer(rest)..]).IsEmpty)
            Await(PtyNative.Out, timeout, cancellationToken);
    }

    private void Await(short readiness, int timeout, CancellationToken cancellationToken)
    {
        using SafeFileHandle cancelled = NewEvent();
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(static raised => Signal((SafeFileHandle)raised!), cancelled);
        bool held = false, heldToo = false;
        try
        {
            master.DangerousAddRef(ref held);
            _hungUp.DangerousAddRef(ref heldToo);
            PtyNative.PollFd[] watched =
            [
                new() { Descriptor = (int)master.DangerousGetHandle(), Events = readiness },
                new() { Descriptor = (int)_hungUp.DangerousGetHandle(), Events = PtyNative.In },
                new() { Descriptor = (int)cancelled.DangerousGetHandle(), Events = PtyNative.In },
            ];
            int ready = PtyNative.poll(watched, watched.Length, timeout);
            cancellationToken.ThrowIfCancellationRequested();
            ObjectDisposedException.ThrowIf(watched[1].Returned != 0, typeof(Pty));
            if (ready == 0)
                throw new TimeoutException($"The program under test did nothing for {timeout} ms.");
        }
        finally
        {
            if (held)
                master.DangerousRelease();
            if (heldToo)
                _hungUp.DangerousRelease();
        }
    }
}
