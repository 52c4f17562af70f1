using System.Runtime.InteropServices;
using EcgFm.Acquisition.Profiles;
using EcgFm.Edge.Configuration;

namespace EcgFm.Edge.Doctor;

/// <summary>The serial ports of the beds: there, named so that the name lasts, and open to this user. A port is not opened: that would reset many boards.</summary>
/// <param name="configuration">The configuration.</param>
/// <param name="box">The box.</param>
/// <param name="mayUse">Whether this process may read and write a file; the kernel is asked unless given.</param>
internal sealed partial class PortsCheck(EdgeConfiguration configuration, BoxFiles box, Func<string, bool>? mayUse = null) : Check("ports")
{
    private const int ReadAndWrite = 6;

    protected override IEnumerable<Finding> Look()
    {
        foreach (var bed in configuration.Beds)
        {
            if (bed.Source is not SourceConfiguration.Device { Port: var port, Profile.Transport.Kind: TransportKind.Serial } || port.Contains("://", StringComparison.Ordinal)) continue;
            if (!File.Exists(port))
            {
                var others = box.Entries("/dev/serial/by-id").ToList();
                yield return Problem($"{bed.Name}: {port} is not there; {(others.Count == 0 ? "no USB serial adapter is plugged in" : $"these are: {string.Join(", ", others)}")}", "dmesg | grep tty");
                continue;
            }

            if (!(mayUse ?? (path => Access(path, ReadAndWrite) == 0))(port))
                yield return Problem($"{bed.Name}: {Environment.UserName} may not read and write {port}", $"sudo usermod -aG dialout {Environment.UserName}, then log in again or restart the daemon");
            else if (port.StartsWith("/dev/ttyUSB", StringComparison.Ordinal) || port.StartsWith("/dev/ttyACM", StringComparison.Ordinal))
                yield return Warning($"{bed.Name}: {port} can be another adapter after the next start", "ls -l /dev/serial/by-id /dev/ecgfm");
            else yield return Ok($"{bed.Name}: {port} is there and open to {Environment.UserName}");
        }

        foreach (var device in box.Entries("/sys/bus/usb-serial/devices"))
            if (box.Read(device + "/latency_timer") is { } latency && latency != "1")
                yield return Warning($"/dev/{Path.GetFileName(device)} gathers bytes for {latency} ms before it passes them on", $"echo 1 | sudo tee {device}/latency_timer");
    }

    /// <summary>access(2): 0 when this process may.</summary>
    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);
}
