using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace EcgFm.Acquisition.Emulation;

/// <summary>
/// A pseudo-terminal that stands for a serial device: the program opens <see cref="Path"/>, an emulator or a test plays the
/// device on <see cref="Device"/>. The line is raw from the start (no echo), and bytes that the device sends while nobody
/// has the port open wait in it, some 4 kB.
/// </summary>
/// <example>
/// <code>
/// using Pty pty = new();
/// using SerialPort port = new(pty.Path);
/// port.Open();
/// pty.Device.Write(frame);   // waits while the program does not read
/// pty.HangUp();              // what an unplugged USB cable looks like
/// </code>
/// </example>
public sealed class Pty : IDisposable
{
    private readonly PtyStream _device;

    /// <summary>Makes a new pair.</summary>
    /// <exception cref="Win32Exception">The system gives none.</exception>
    public Pty()
    {
        SafeFileHandle master = Checked(PtyNative.posix_openpt(PtyNative.ReadWrite | PtyNative.NoControllingTerminal | PtyNative.NonBlocking | PtyNative.CloseOnExec));
        byte[] name = new byte[64];
        if (PtyNative.grantpt(master) != 0 || PtyNative.unlockpt(master) != 0 || PtyNative.ptsname_r(master, name, name.Length) != 0)
            throw new Win32Exception();
        Path = Encoding.ASCII.GetString(name.AsSpan(0, name.AsSpan().IndexOf((byte)0)));

        // Held open for good: without it the device would get an error for every byte while the port is closed.
        Slave = Checked(PtyNative.open(Path, PtyNative.ReadWrite | PtyNative.NoControllingTerminal | PtyNative.CloseOnExec));
        byte[] settings = new byte[128];
        if (PtyNative.tcgetattr(Slave, settings) != 0)
            throw new Win32Exception();
        PtyNative.cfmakeraw(settings);
        if (PtyNative.tcsetattr(Slave, 0, settings) != 0)
            throw new Win32Exception();

        _device = new PtyStream(master);
    }

    /// <summary>What the program under test opens, <c>/dev/pts/…</c>.</summary>
    public string Path { get; }

    /// <summary>The device's end. Reads and writes wait (<see cref="Stream.ReadTimeout"/> and cancellation end them) and may run at the same time.</summary>
    public Stream Device => _device;

    /// <summary>The program's end as the test sees it, to ask for its settings.</summary>
    public SafeFileHandle Slave { get; }

    /// <summary>Sends what fits into the line now, without waiting: a device whose listener stalls.</summary>
    /// <param name="bytes">What to send.</param>
    /// <returns>How many bytes went, from 0 to all.</returns>
    public int Offer(ReadOnlySpan<byte> bytes) => _device.Offer(bytes);

    /// <summary>Takes the device away: from now on the program's port is dead, and the waiting calls on <see cref="Device"/> end.</summary>
    public void HangUp() => _device.Dispose();

    /// <inheritdoc/>
    public void Dispose()
    {
        HangUp();
        Slave.Dispose();
    }

    private static SafeFileHandle Checked(int descriptor) =>
        descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw new Win32Exception(Marshal.GetLastPInvokeError());
}
