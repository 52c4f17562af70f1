using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace System.IO.Ports.Tests;

/// <summary>A terminal's settings as the C library and the kernel tell them, apart from the code under test.</summary>
internal sealed class Termios
{
    public const uint Istrip = 0x20, Inlcr = 0x40, Igncr = 0x80, Icrnl = 0x100, Ixon = 0x400, Ixoff = 0x1000;
    public const uint Opost = 0x1, Onlcr = 0x4;
    public const uint Csize = 0x30, Cs8 = 0x30, Cstopb = 0x40, Cread = 0x80, Parenb = 0x100, Clocal = 0x800, Crtscts = 0x80000000;
    public const uint Isig = 0x1, Icanon = 0x2, Echo = 0x8, Iexten = 0x8000;

    // struct termios of glibc: four words of flags, the discipline, 32 characters, two speeds. Room to spare.
    private readonly byte[] _bytes = new byte[128];

    public Termios(SafeFileHandle terminal)
    {
        if (tcgetattr(terminal, _bytes) != 0)
            throw new Win32Exception();
    }

    public uint Input { get => Word(0); set => Word(0) = value; }

    public uint Output { get => Word(1); set => Word(1) = value; }

    public uint Control => Word(2);

    public uint Local { get => Word(3); set => Word(3) = value; }

    public byte MinimalRead => _bytes[17 + 6];

    public void Set(SafeFileHandle terminal)
    {
        if (tcsetattr(terminal, 0, _bytes) != 0)
            throw new Win32Exception();
    }

    /// <summary>The speed in baud from the kernel's own structure (TCGETS2), which knows odd ones.</summary>
    public static (uint In, uint Out) Speeds(SafeFileHandle terminal)
    {
        uint[] settings = new uint[11];
        if (ioctl(terminal, 0x802C542A, settings) != 0)
            throw new Win32Exception();
        return (settings[9], settings[10]);
    }

    private ref uint Word(int index) => ref MemoryMarshal.Cast<byte, uint>(_bytes.AsSpan())[index];

    [DllImport("libc", SetLastError = true)]
    private static extern int tcgetattr(SafeFileHandle terminal, byte[] settings);

    [DllImport("libc", SetLastError = true)]
    private static extern int tcsetattr(SafeFileHandle terminal, int when, byte[] settings);

    [DllImport("libc", SetLastError = true)]
    private static extern int ioctl(SafeFileHandle terminal, nuint request, [In, Out] uint[] settings);
}
