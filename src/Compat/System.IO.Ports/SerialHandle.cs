using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace System.IO.Ports;

/// <summary>An open serial device that nobody else can open meanwhile.</summary>
internal sealed unsafe class SerialHandle : SafeHandleMinusOneIsInvalid
{
    private SerialHandle(int descriptor)
        : base(ownsHandle: true) => SetHandle(descriptor);

    internal static SerialHandle Open(string path)
    {
        SerialHandle port = new(Libc.Open(path, Libc.O_RDWR | Libc.O_NOCTTY | Libc.O_NONBLOCK | Libc.O_CLOEXEC));
        if (port.IsInvalid)
            throw OpenError(path, Marshal.GetLastPInvokeError());

        // TIOCEXCL makes the kernel refuse the next open, but not one by root; the lock holds against root too.
        // The lock comes first: no setting of a port in use is touched.
        if (Libc.Lock(port, Libc.LOCK_EX | Libc.LOCK_NB) != 0)
        {
            port.Dispose();
            throw InUse(path);
        }

        if (Libc.Ioctl(port, Libc.TIOCEXCL, null) != 0)
        {
            port.Dispose();
            throw new ArgumentException($"{path} is not a serial port.", nameof(path));
        }

        return port;
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        // Not undone by close itself as long as anybody else, a child being started for one, has the device open.
        _ = Libc.Ioctl(handle, Libc.TIOCNXCL, null);
        _ = Libc.Lock(handle, Libc.LOCK_UN);
        return Libc.Close(handle) == 0;
    }

    private static Exception OpenError(string path, int error) => error switch
    {
        Libc.ENOENT or Libc.ENOTDIR => new FileNotFoundException($"There is no serial port {path}.", path),
        Libc.EACCES or Libc.EPERM => new UnauthorizedAccessException(
            $"No permission to open {path}. Serial ports belong to the group dialout: run 'sudo usermod -aG dialout {Environment.UserName}' and log in again."),
        Libc.EBUSY => InUse(path),
        Libc.ENXIO or Libc.ENODEV or Libc.EIO => new IOException($"There is no device behind {path}."),
        _ => new IOException($"{path} cannot be opened: {Marshal.GetPInvokeErrorMessage(error)}."),
    };

    private static UnauthorizedAccessException InUse(string path) =>
        new($"{path} is in use by another program ('fuser {path}' names it).");
}
