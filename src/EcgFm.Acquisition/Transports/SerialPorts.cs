using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;

namespace EcgFm.Acquisition.Transports;

/// <summary>Finds the serial ports of this machine.</summary>
public static class SerialPorts
{
    private const int ReadAndWrite = 4 | 2;

    /// <summary>USB adapters, USB CDC, and the UARTs of small boards. The ports of a PC's own are there even where no plug is, and are left out.</summary>
    private static readonly string[] Names = ["ttyUSB*", "ttyACM*", "ttyAMA*", "ttyTHS*", "rfcomm*"];

    /// <summary>All of them, sorted by name.</summary>
    /// <param name="dev">Where devices stand.</param>
    /// <param name="sys">Where the kernel tells of them.</param>
    public static IReadOnlyList<SerialPortInfo> Find(string dev = "/dev", string sys = "/sys")
    {
        var byId = Path.Combine(dev, "serial", "by-id");
        var stable = Directory.Exists(byId)
            ? Directory.EnumerateFileSystemEntries(byId)
                .GroupBy(link => File.ResolveLinkTarget(link, returnFinalTarget: true)?.FullName ?? link, StringComparer.Ordinal)
                .ToDictionary(same => same.Key, same => same.Order(StringComparer.Ordinal).First(), StringComparer.Ordinal)
            : [];
        return
        [
            .. Names.SelectMany(name => Directory.EnumerateFileSystemEntries(dev, name))
                .Order(StringComparer.Ordinal)
                .Select(device => new SerialPortInfo(device, stable.GetValueOrDefault(device), Adapter(sys, Path.GetFileName(device)), [.. Troubles(sys, device)])),
        ];
    }

    /// <summary>What to do for someone who may not open a port.</summary>
    internal static string PermissionCure =>
        $"Serial ports usually belong to the group dialout: run 'sudo usermod -aG dialout {Environment.UserName}' and log in again.";

    /// <summary>euidaccess(3), in the rights that opening has: opening the port to find out would move its wires.</summary>
    internal static bool MayOpen(string path) => !OperatingSystem.IsLinux() || Access(path, ReadAndWrite) == 0;

    private static string? Adapter(string sys, string name)
    {
        // The port hangs below an interface of the USB device, whose folder has the numbers.
        var link = Path.Combine(sys, "class", "tty", name, "device");
        var at = Path.Exists(link) ? File.ResolveLinkTarget(link, returnFinalTarget: true)?.FullName : null;
        for (; at is not null && at.Length > sys.Length; at = Path.GetDirectoryName(at))
            if (Text(at, "idVendor") is { } vendor)
                return string.Join(' ', new[] { Text(at, "manufacturer"), Text(at, "product"), $"({vendor}:{Text(at, "idProduct")})" }.Where(part => part is not null));
        return null;
    }

    private static IEnumerable<string> Troubles(string sys, string device)
    {
        if (!MayOpen(device)) yield return $"no permission to open the port. {PermissionCure}";
        var name = Path.GetFileName(device);
        var timer = Path.Combine(sys, "bus", "usb-serial", "devices", name, "latency_timer");
        if (Text(Path.GetDirectoryName(timer)!, "latency_timer") is { } text && int.TryParse(text, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds > 1)
            yield return $"the adapter holds bytes back for up to {milliseconds} ms: 'echo 1 | sudo tee {timer}' makes it 1 ms.";
    }

    private static string? Text(string folder, string file)
    {
        var path = Path.Combine(folder, file);
        return File.Exists(path) ? File.ReadAllText(path).Trim() : null;
    }

    [DllImport("libc", EntryPoint = "euidaccess")]
    private static extern int Access([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int mode);
}
