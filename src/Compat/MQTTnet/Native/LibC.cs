using System.Runtime.InteropServices;

namespace MQTTnet.Native;

/// <summary>What the network thread needs of the C library.</summary>
internal static unsafe partial class LibC
{
    public const short PollIn = 0x01;
    public const short PollOut = 0x04;
    public const short PollError = 0x08;
    public const short PollHangUp = 0x10;
    public const int Interrupted = 4;

    private const int SolSocket = 1;
    private const int SoError = 4;

    /// <summary>The error a socket's connection attempt ended with; 0 when it succeeded.</summary>
    public static int PendingError(int socket)
    {
        var error = 0;
        var length = (uint)sizeof(int);
        return getsockopt(socket, SolSocket, SoError, &error, &length) == 0 ? error : Marshal.GetLastPInvokeError();
    }

    [LibraryImport("libc", SetLastError = true)]
    public static partial int poll(PollDescriptor* descriptors, nuint count, int timeoutMilliseconds);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int eventfd(uint initial, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int memfd_create(string name, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint read(int descriptor, void* buffer, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint write(int descriptor, void* buffer, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int close(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getsockopt(int socket, int level, int option, int* value, uint* length);

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
