using System.Runtime.InteropServices;

namespace System.IO.Ports;

/// <summary>Speed and character format of a line, and how the kernel is told (struct termios2 of asm-generic/termbits.h).</summary>
internal readonly record struct LineSettings(int BaudRate, Parity Parity, int DataBits, StopBits StopBits, Handshake Handshake)
{
    private const uint ISTRIP = 0x20, IXON = 0x400, IXOFF = 0x1000, INPCK = 0x10;
    private const uint IGNBRK = 0x1, BRKINT = 0x2, PARMRK = 0x8, INLCR = 0x40, IGNCR = 0x80, ICRNL = 0x100;
    private const uint OPOST = 0x1;
    private const uint ISIG = 0x1, ICANON = 0x2, ECHO = 0x8, ECHONL = 0x40, IEXTEN = 0x8000;
    private const uint CBAUD = 0x100F, CIBAUD = 0x100F0000, BOTHER = 0x1000;
    private const uint CSIZE = 0x30, CSTOPB = 0x40, CREAD = 0x80, PARENB = 0x100, PARODD = 0x200, CLOCAL = 0x800;
    private const uint CMSPAR = 0x40000000, CRTSCTS = 0x80000000;
    private const int VTIME = 5, VMIN = 6, CharacterCount = 19;

    // The position of a rate is its code: 0..15, then 0x1001..0x100F. Rates with a code are set by it, so that every
    // tool (stty, tcgetattr) reads them back; any other is set as a number.
    private static ReadOnlySpan<int> CodedRates =>
    [
        0, 50, 75, 110, 134, 150, 200, 300, 600, 1200, 1800, 2400, 4800, 9600, 19200, 38400,
        57600, 115200, 230400, 460800, 500000, 576000, 921600, 1000000, 1152000, 1500000, 2000000, 2500000, 3000000, 3500000, 4000000,
    ];

    /// <summary>Sets the line raw: every byte passes as it is, a read gives what is there.</summary>
    /// <exception cref="ArgumentException">One and a half stop bits without five data bits, or a speed the device does not know.</exception>
    internal unsafe void Apply(SerialHandle port)
    {
        if (StopBits == StopBits.OnePointFive && DataBits != 5)
            throw new ArgumentException("One and a half stop bits go with five data bits only.");

        Termios2 settings;
        Check(Libc.Ioctl(port, Libc.TCGETS2, &settings));

        settings.Input &= ~(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON | IXOFF | INPCK);
        settings.Output &= ~OPOST;
        settings.Local &= ~(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
        settings.Control &= ~(CBAUD | CIBAUD | CSIZE | CSTOPB | PARENB | PARODD | CMSPAR | CRTSCTS);

        settings.Control |= CREAD | CLOCAL | ((uint)(DataBits - 5) << 4) | Code(BaudRate);
        settings.InputSpeed = settings.OutputSpeed = (uint)BaudRate;
        if (StopBits != StopBits.One)
            settings.Control |= CSTOPB;
        settings.Control |= Parity switch
        {
            Parity.Odd => PARENB | PARODD,
            Parity.Even => PARENB,
            Parity.Mark => PARENB | PARODD | CMSPAR,
            Parity.Space => PARENB | CMSPAR,
            _ => 0,
        };
        if (Handshake is Handshake.XOnXOff or Handshake.RequestToSendXOnXOff)
            settings.Input |= IXON | IXOFF;
        if (Handshake is Handshake.RequestToSend or Handshake.RequestToSendXOnXOff)
            settings.Control |= CRTSCTS;

        // With VMIN = 0 a read without data would return 0, which is what a hang-up returns.
        settings.Characters[VMIN] = 1;
        settings.Characters[VTIME] = 0;
        Check(Libc.Ioctl(port, Libc.TCSETS2, &settings));

        // A driver that cannot do the rate takes another one and says nothing, except here.
        Check(Libc.Ioctl(port, Libc.TCGETS2, &settings));
        if (Math.Abs((double)settings.OutputSpeed / BaudRate - 1) > 0.03)
            throw new ArgumentException($"The device does not do {BaudRate} baud; it chose {settings.OutputSpeed}.");
    }

    private static uint Code(int rate)
    {
        int index = CodedRates.IndexOf(rate);
        return index switch { < 0 => BOTHER, < 16 => (uint)index, _ => 0x1000 | (uint)(index - 15) };
    }

    private static void Check(int result)
    {
        if (result != 0)
            throw new IOException($"The line's settings cannot be changed: {Marshal.GetLastPInvokeErrorMessage()}.");
    }

    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct Termios2
    {
        internal uint Input, Output, Control, Local;
        internal byte Discipline;
        internal fixed byte Characters[CharacterCount];
        internal uint InputSpeed, OutputSpeed;
    }
}
