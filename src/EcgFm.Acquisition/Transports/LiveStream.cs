namespace EcgFm.Acquisition.Transports;

/// <summary>An open line whose end and errors are told as faults of the device.</summary>
internal sealed class LiveStream(Stream line, IDisposable owner, string name) : LineStream
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read;
        try
        {
            read = await line.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (IsLoss(e))
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Lost(e);
        }

        return read > 0 || buffer.IsEmpty ? read : throw Lost(null);
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        int read;
        try
        {
            read = line.Read(buffer, offset, count);
        }
        catch (Exception e) when (IsLoss(e))
        {
            throw Lost(e);
        }

        return read > 0 || count == 0 ? read : throw Lost(null);
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await line.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (IsLoss(e))
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Lost(e);
        }
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        try
        {
            line.Write(buffer, offset, count);
        }
        catch (Exception e) when (IsLoss(e))
        {
            throw Lost(e);
        }
    }

    public override void Flush() => line.Flush();

    protected override void Dispose(bool disposing)
    {
        if (disposing) Close(owner);
        base.Dispose(disposing);
    }

    /// <summary>Closing a line that is gone may fail; nothing is left to be done about it.</summary>
    private static void Close(IDisposable owner)
    {
        try
        {
            owner.Dispose();
        }
        catch (Exception e) when (IsLoss(e))
        {
        }
    }

    private static bool IsLoss(Exception e) => e is IOException or ObjectDisposedException or InvalidOperationException or UnauthorizedAccessException;

    private DeviceException Lost(Exception? cause) =>
        new(DeviceFault.Disconnected, $"{name}: the connection to the device was cut. Check the cable and the device's power.", cause);
}
