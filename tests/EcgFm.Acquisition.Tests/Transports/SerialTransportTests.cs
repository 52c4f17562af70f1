using System.Runtime.InteropServices;
using EcgFm.Acquisition.Transports;

namespace EcgFm.Acquisition.Tests.Transports;

public class SerialTransportTests
{
    private const int Nobody = 65534;

    [SkippableFact]
    public void A_port_without_permission_says_what_to_do()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Rights as Linux has them.");
        using var pty = new Pty();
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(pty.Path, UnixFileMode.None);

        var error = AsNobody(() => new SerialTransport(pty.Path, 115_200).OpenAsync(default).AsTask().GetAwaiter().GetResult().Dispose());

        var fault = Assert.IsType<DeviceException>(error);
        Assert.Equal(DeviceFault.PermissionDenied, fault.Fault);
        Assert.StartsWith($"{pty.Path}: no permission to open the port.", fault.Message, StringComparison.Ordinal);
        Assert.Contains("sudo usermod -aG dialout", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Opening_heeds_cancellation()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await new SerialTransport("/dev/absent", 115_200).OpenAsync(new CancellationToken(canceled: true)));
    }

    [Fact]
    public void A_port_needs_a_name_and_a_rate()
    {
        Assert.Throws<ArgumentException>(() => new SerialTransport("", 115_200));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SerialTransport("/dev/ttyUSB0", 0));
    }

    /// <summary>Root may do everything, so the thread gives up its rights: the system call itself, unlike the C library's function, changes the calling thread only.</summary>
    private static Exception? AsNobody(Action action)
    {
        if (!Environment.IsPrivilegedProcess) return Record.Exception(action);
        var setresuid = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 147 : 117;
        long refused = 0;
        Exception? error = null;
        var thread = new Thread(() =>
        {
            refused = SystemCall(setresuid, -1, Nobody, -1);
            if (refused == 0) error = Record.Exception(action);
        });
        thread.Start();
        thread.Join();
        Skip.If(refused != 0, "This system does not let a thread give up its rights.");
        return error;
    }

    [DllImport("libc", EntryPoint = "syscall")]
    private static extern long SystemCall(long number, long real, long effective, long saved);
}
