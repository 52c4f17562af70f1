using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace EcgFm.Acquisition.Emulation;

/// <summary>The C library's calls for pseudo-terminals, with the numbers of Linux on x64 and arm64.</summary>
internal static class PtyNative
{
    internal const int ReadWrite = 0x2, NoControllingTerminal = 0x100, NonBlocking = 0x800, CloseOnExec = 0x80000;
    internal const short In = 0x1, Out = 0x4;
    internal const int Interrupted = 4, Again = 11;

    [StructLayout(LayoutKind.Sequential)]
    internal struct PollFd
    {
        internal int Descriptor;
        internal short Events;
        internal short Returned;
    }

    [DllImport("libc", SetLastError = true)]
    internal static extern int posix_openpt(int flags);

    [DllImport("libc", SetLastError = true)]
    internal static extern int grantpt(SafeFileHandle master);

    [DllImport("libc", SetLastError = true)]
    internal static extern int unlockpt(SafeFileHandle master);

    [DllImport("libc", SetLastError = true)]
    internal static extern int ptsname_r(SafeFileHandle master, byte[] name, nint size);

    [DllImport("libc", SetLastError = true)]
    internal static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", SetLastError = true)]
    internal static extern int tcgetattr(SafeFileHandle terminal, byte[] settings);

    [DllImport("libc", SetLastError = true)]
    internal static extern int tcsetattr(SafeFileHandle terminal, int when, byte[] settings);

    [DllImport("libc")]
    internal static extern void cfmakeraw(byte[] settings);

    [DllImport("libc", SetLastError = true)]
    internal static extern int eventfd(uint initial, int flags);

    [DllImport("libc", SetLastError = true)]
    internal static extern nint read(SafeFileHandle descriptor, ref byte buffer, nint count);

    [DllImport("libc", SetLastError = true)]
    internal static extern nint write(SafeFileHandle descriptor, ref readonly byte buffer, nint count);

    [DllImport("libc", SetLastError = true)]
    internal static extern int poll([In, Out] PollFd[] descriptors, nint count, int milliseconds);
}
