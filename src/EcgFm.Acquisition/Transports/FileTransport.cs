namespace EcgFm.Acquisition.Transports;

/// <summary>A file of a device's bytes as they came over the line.</summary>
/// <param name="path">The file.</param>
public sealed class FileTransport(string path) : IByteTransport
{
    /// <inheritdoc/>
    public string Name => path;

    /// <inheritdoc/>
    public bool IsLive => false;

    /// <inheritdoc/>
    public ValueTask<Stream> OpenAsync(CancellationToken cancellation)
    {
        try
        {
            return new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1, FileOptions.Asynchronous | FileOptions.SequentialScan));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DeviceException(DeviceFault.NotFound, $"{path}: there is no such file.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new DeviceException(DeviceFault.PermissionDenied, $"{path}: the file may not be read by this user.", e);
        }
    }
}
