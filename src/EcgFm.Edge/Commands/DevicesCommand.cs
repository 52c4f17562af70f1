using System.CommandLine;
using EcgFm.Acquisition.Bluetooth;
using EcgFm.Acquisition.Profiles;
using EcgFm.Acquisition.Transports;

namespace EcgFm.Edge.Commands;

/// <summary><c>devices</c>: what can be connected, and where.</summary>
internal static class DevicesCommand
{
    public static Command Create()
    {
        var scan = new Option<bool>("--scan") { Description = "Listen for Bluetooth devices for ten seconds too." };
        var command = new Command("devices", "List the device profiles and the serial ports of this machine, with what stands in the way of using them.") { scan };
        command.SetAction((parsed, stop) => Guard.RunAsync(async () =>
        {
            ListProfiles(Console.Out, ProfileCatalog.Default);
            ListPorts(Console.Out, SerialPorts.Find());
            if (parsed.GetValue(scan)) ListBluetooth(Console.Out, await BluetoothScan.RunAsync(TimeSpan.FromSeconds(10), cancellation: stop).ConfigureAwait(false));
        }, stop));
        return command;
    }

    internal static void ListProfiles(TextWriter output, ProfileCatalog catalog)
    {
        output.WriteLine("Profiles");
        foreach (var file in catalog.Files)
            try
            {
                var profile = ProfileReader.Read(file);
                output.WriteLine($"  {profile.Name,-32} {profile.Title}, {Line(profile.Transport)}");
            }
            catch (ProfileException fault)
            {
                foreach (var error in fault.Errors) output.WriteLine($"  {error}");
            }
    }

    internal static void ListPorts(TextWriter output, IReadOnlyList<SerialPortInfo> ports)
    {
        output.WriteLine("Serial ports");
        if (ports.Count == 0) output.WriteLine("  none");
        foreach (var port in ports)
        {
            output.WriteLine($"  {port.StableName ?? port.Device}");
            output.WriteLine($"    {(port.StableName is null ? "" : port.Device + ", ")}{port.Adapter ?? "no USB adapter"}");
            foreach (var trouble in port.Troubles) output.WriteLine($"    {trouble}");
        }
    }

    internal static void ListBluetooth(TextWriter output, IReadOnlyList<BluetoothDevice> devices)
    {
        output.WriteLine("Bluetooth");
        if (devices.Count == 0) output.WriteLine("  none");
        foreach (var device in devices)
            output.WriteLine($"  {device.Address}  {device.Name}{(device.SignalDbm is { } dbm ? $", {dbm} dBm" : "")}{(device.Paired ? ", paired" : "")}");
    }

    private static string Line(TransportSettings transport) => transport.Kind switch
    {
        TransportKind.Serial => $"serial, {transport.BaudRate} baud",
        TransportKind.Tcp => "TCP",
        _ => "Bluetooth",
    };
}
