using EcgFm.Acquisition.Transports;

namespace EcgFm.Acquisition.Tests.Transports;

public sealed class SerialPortsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Ports_are_listed_with_their_stable_name_their_adapter_and_what_stands_in_the_way()
    {
        var (dev, sys) = (_folder["dev"], _folder["sys"]);
        var byId = Directory.CreateDirectory(Path.Combine(dev, "serial", "by-id")).FullName;
        foreach (var port in (string[])["ttyACM0", "ttyUSB0", "ttyS0", "null"]) File.WriteAllText(Path.Combine(dev, port), "");
        File.CreateSymbolicLink(Path.Combine(byId, "usb-FTDI_FT231X-if00-port0"), "../../ttyUSB0");
        var adapter = Path.Combine(sys, "devices", "usb1", "1-2");
        var line = Directory.CreateDirectory(Path.Combine(adapter, "1-2:1.0", "ttyUSB0")).FullName;
        foreach (var (file, text) in (ReadOnlySpan<(string, string)>)[("idVendor", "0403"), ("idProduct", "6015"), ("manufacturer", "FTDI"), ("product", "FT231X USB UART")])
            File.WriteAllText(Path.Combine(adapter, file), text + "\n");
        Directory.CreateDirectory(Path.Combine(sys, "class", "tty", "ttyUSB0"));
        File.CreateSymbolicLink(Path.Combine(sys, "class", "tty", "ttyUSB0", "device"), line);
        var timer = Path.Combine(Directory.CreateDirectory(Path.Combine(sys, "bus", "usb-serial", "devices", "ttyUSB0")).FullName, "latency_timer");
        File.WriteAllText(timer, "16\n");

        var ports = SerialPorts.Find(dev, sys);

        Assert.Equal([Path.Combine(dev, "ttyACM0"), Path.Combine(dev, "ttyUSB0")], ports.Select(port => port.Device));
        Assert.Equal((null, null), (ports[0].StableName, ports[0].Adapter));
        Assert.Empty(ports[0].Troubles);
        Assert.Equal((Path.Combine(byId, "usb-FTDI_FT231X-if00-port0"), "FTDI FT231X USB UART (0403:6015)"), (ports[1].StableName, ports[1].Adapter));
        Assert.Equal([$"the adapter holds bytes back for up to 16 ms: 'echo 1 | sudo tee {timer}' makes it 1 ms."], ports[1].Troubles.AsEnumerable());
    }

    [Fact]
    public void A_machine_without_ports_has_none() => Assert.Empty(SerialPorts.Find(Directory.CreateDirectory(_folder["dev"]).FullName, _folder["sys"]));
}
