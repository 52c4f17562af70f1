using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using EcgFm.Acquisition.Profiles;
using EcgFm.Core;
using EcgFm.Edge.Configuration;
using EcgFm.Edge.Dashboard;
using EcgFm.Edge.Doctor;
using EcgFm.Model.Inference;
using EcgFm.Telemetry;
using EcgFm.Testing;

namespace EcgFm.Edge.Tests;

public sealed class DoctorTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ecgfm-doctor-");
    private readonly BoxFiles _box;

    public DoctorTests() => _box = new(In("box"));

    public void Dispose() => _folder.Delete(recursive: true);

    private string In(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>A file of the made-up box.</summary>
    private void Box(string path, string text = "")
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_box.At(path))!);
        File.WriteAllText(_box.At(path), text + "\n");
    }

    private EdgeConfiguration Configuration(BrokerOptions? broker = null, string? model = null, string port = "/dev/not-there") => new()
    {
        Topics = new TelemetryTopics("ecgfm/v1", "ward", "box"),
        Broker = broker,
        ModelPath = model ?? BundledModel.Path,
        Inference = new InferenceOptions { Threads = 1 },
        StateDirectory = _folder.FullName,
        Beds = [new BedConfiguration("bed-1", EcgWindow.Duration, new SourceConfiguration.Device(DeviceProfile.EcgFm, port, null))],
    };

    private static async Task<Finding> OneAsync(ICheck check) => Assert.Single(await check.ExamineAsync(CancellationToken.None));

    private static async Task BadAsync(ICheck check, Verdict verdict, string text, string cure)
    {
        var finding = await OneAsync(check);
        Assert.Equal(verdict, finding.Verdict);
        Assert.Contains(text, finding.Text, StringComparison.Ordinal);
        Assert.Contains(cure, finding.Cure, StringComparison.Ordinal);
    }

    private static async Task GoodAsync(ICheck check, string text)
    {
        var finding = await OneAsync(check);
        Assert.True(finding.Verdict == Verdict.Ok, finding.Text);
        Assert.Contains(text, finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_configuration_is_told_sentence_by_sentence()
    {
        var file = In("edge.json");
        await BadAsync(new ConfigurationCheck(In("none.json")), Verdict.Problem, "none.json", "ecgfm-edge.example.json");
        await File.WriteAllTextAsync(file, "{}");
        var findings = await new ConfigurationCheck(file).ExamineAsync(CancellationToken.None);
        Assert.True(findings.Count >= 3);
        Assert.All(findings, finding => Assert.Equal((Verdict.Problem, $"sudo nano {file}"), (finding.Verdict, finding.Cure)));
        // Checks that need no configuration are made all the same.
        Assert.Contains(Examination.ChecksFor(new ConfigurationCheck(file)), check => check is LibrariesCheck);
        Assert.DoesNotContain(Examination.ChecksFor(new ConfigurationCheck(file)), check => check is BrokerCheck);
    }

    [Fact]
    public async Task The_network_is_tested_on_this_device()
    {
        await GoodAsync(new ModelCheck(Configuration(), _box), "checksums right, self-test passed on CPU");
        var damaged = PackageCopy.Make(In("damaged"), "2");
        await File.AppendAllTextAsync(Path.Combine(damaged, "network.onnx"), "x");
        await BadAsync(new ModelCheck(Configuration(model: damaged), _box), Verdict.Problem, "changed or damaged", "model info");
        await BadAsync(new ModelCheck(Configuration(model: PackageCopy.MakeWrong(In("wrong"))), _box), Verdict.Problem, "wrong numbers on this device", "model info");
    }

    [Fact]
    public async Task A_GPU_that_does_nothing_and_beds_that_are_too_many_are_warned_of()
    {
        Box("/dev/nvidia0");
        var many = Configuration() with { Beds = [.. Enumerable.Range(0, 5000).Select(bed => new BedConfiguration($"bed-{bed}", TimeSpan.FromSeconds(1), new SourceConfiguration.Device(DeviceProfile.EcgFm, "/dev/x", null)))] };
        var findings = await new ModelCheck(many, _box).ExamineAsync(CancellationToken.None);
        Assert.Contains(findings, finding => finding.Verdict == Verdict.Warning && finding.Text.Contains("windows will be skipped", StringComparison.Ordinal));
        Assert.Contains(findings, finding => finding.Verdict == Verdict.Warning && finding.Text.Contains("runs on the processor", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_port_that_is_not_there_is_told_with_those_that_are()
    {
        Box("/dev/serial/by-id/usb-front-end-if00");
        await BadAsync(new PortsCheck(Configuration(), _box), Verdict.Problem, "/dev/not-there is not there; these are: /dev/serial/by-id/usb-front-end-if00", "dmesg");
        await File.WriteAllTextAsync(In("port"), "");
        await GoodAsync(new PortsCheck(Configuration(port: In("port")), _box), "is there and open to");
    }

    [Fact]
    public async Task A_port_without_permission_names_the_group()
    {
        await File.WriteAllTextAsync(In("port"), "");
        await BadAsync(new PortsCheck(Configuration(port: In("port")), _box, _ => false), Verdict.Problem, "may not read and write", "usermod -aG dialout");
    }

    [Fact]
    public async Task An_adapter_that_gathers_bytes_is_warned_of()
    {
        Box("/sys/bus/usb-serial/devices/ttyUSB0/latency_timer", "16");
        Box("/sys/bus/usb-serial/devices/ttyUSB1/latency_timer", "1");
        await BadAsync(new PortsCheck(Configuration() with { Beds = [] }, _box), Verdict.Warning, "/dev/ttyUSB0 gathers bytes for 16 ms", "echo 1 | sudo tee");
    }

    [Fact]
    public async Task A_broker_that_is_away_and_one_that_refuses_are_told_apart()
    {
        await using var broker = await MosquittoBroker.StartAsync(new() { Users = new Dictionary<string, string> { ["box-1"] = "right" } });
        BrokerOptions Options(string password) => new() { Address = new(broker.Host, broker.Port, false), ClientId = "box", UserName = "box-1", Password = password };

        await GoodAsync(new BrokerCheck(Configuration(Options("right"))), "lets box-1 in");
        await BadAsync(new BrokerCheck(Configuration(Options("wrong"))), Verdict.Problem, "it answers", "mqtt:userName");
        await broker.KillAsync();
        await BadAsync(new BrokerCheck(Configuration(Options("right"))), Verdict.Problem, $"{broker.Port}", "systemctl start mosquitto");
        Assert.Equal(Verdict.Problem, (await OneAsync(new BrokerCheck(Configuration()))).Verdict);
    }

    [Fact]
    public async Task The_dashboard_is_looked_at_as_a_browser_would()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var broker = (IPEndPoint)listener.LocalEndpoint;
        await using var host = await DashboardHost.StartAsync(new() { Port = 0, TopicRoot = "ecgfm/v1", Token = "0123456789abcdef" }, Page());
        var options = new DashboardOptions { Address = IPAddress.Any, Port = host.Address.Port, TopicRoot = "ecgfm/v1", Broker = new($"ws://127.0.0.1:{broker.Port}/mqtt") };
        var findings = await new DashboardCheck(options, built: true).ExamineAsync(CancellationToken.None);
        Assert.All(findings, finding => Assert.Equal(Verdict.Ok, finding.Verdict));
        Assert.Equal(["is served", "is there for browsers"], findings.Select(finding => finding.Text[(finding.Text.IndexOf(' ', StringComparison.Ordinal) + 1)..]));

        // The daemon does not run, and nobody listens where the broker should.
        await host.DisposeAsync();
        listener.Stop();
        findings = await new DashboardCheck(options, built: true).ExamineAsync(CancellationToken.None);
        Assert.Equal([Verdict.Ok, Verdict.Problem], findings.Select(finding => finding.Verdict));
        Assert.Contains("when the daemon runs", findings[0].Text, StringComparison.Ordinal);
        Assert.Contains("protocol websockets", findings[1].Cure, StringComparison.Ordinal);
        // Something that is no web server has the port.
        await using var taken = await MosquittoBroker.StartAsync();
        findings = await new DashboardCheck(options with { Port = taken.Port, Broker = null }, built: true).ExamineAsync(CancellationToken.None);
        Assert.Equal([Verdict.Problem, Verdict.Warning], findings.Select(finding => finding.Verdict));
        Assert.Contains("ss -tlnp", findings[0].Cure, StringComparison.Ordinal);
        Assert.Contains(await new DashboardCheck(options, built: false).ExamineAsync(CancellationToken.None), finding => finding.Text.Contains("without the page", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_page_by_https_needs_a_broker_by_wss_and_a_certificate_that_lasts()
    {
        using var certificates = new TestCertificates();
        var options = new DashboardOptions { Port = MosquittoBroker.FreePort(), TopicRoot = "ecgfm/v1", Certificate = certificates.Server, Broker = new("ws://broker.example:9001") };
        var findings = await new DashboardCheck(options, built: true).ExamineAsync(CancellationToken.None);
        Assert.Equal([Verdict.Ok, Verdict.Problem, Verdict.Warning], findings.Select(finding => finding.Verdict));
        Assert.Contains("wss://", findings[1].Cure, StringComparison.Ordinal);
        findings = await new DashboardCheck(options, built: true, new Later(TimeSpan.FromDays(10))).ExamineAsync(CancellationToken.None);
        Assert.Equal(Verdict.Problem, findings[2].Verdict);
        Assert.Contains("ended on", findings[2].Text, StringComparison.Ordinal);
    }

    /// <summary>A page of one file; the program beside the tests may be built without the real one.</summary>
    private string Page()
    {
        Directory.CreateDirectory(In("page"));
        File.WriteAllText(In("page/index.html"), "<!doctype html>");
        return In("page");
    }

    private sealed class Later(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }

    [Fact]
    public async Task Asking_the_broker_leaves_nothing_behind()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var station = await Station.OpenAsync(broker);
        var options = new BrokerOptions { Address = new(broker.Host, broker.Port, false), ClientId = "box" };
        await GoodAsync(new BrokerCheck(Configuration(options)), "lets this device in");
        // Had it left a status or its will, that would come before what is published after it.
        using var client = new MQTTnet.MqttClientFactory().CreateMqttClient();
        await client.ConnectAsync(new MQTTnet.MqttClientOptionsBuilder().WithTcpServer(broker.Host, broker.Port).Build());
        await client.PublishAsync(new MQTTnet.MqttApplicationMessageBuilder().WithTopic("after").WithPayload("{}").Build());
        Assert.False((await station.NextAsync("")).Json.TryGetProperty("type", out _));
    }

    [Theory]
    [InlineData(0, Verdict.Ok)]
    [InlineData(5, Verdict.Warning)]
    [InlineData(-1, Verdict.Warning)]
    public async Task The_clock_is_as_the_kernel_says(int state, object verdict) => Assert.Equal((Verdict)verdict, (await OneAsync(new ClockCheck(() => state))).Verdict);

    [Theory]
    [InlineData(50L << 20, Verdict.Problem)]
    [InlineData(500L << 20, Verdict.Warning)]
    [InlineData(50L << 30, Verdict.Ok)]
    public async Task A_disk_that_fills_is_told_before_it_is_full(long free, object verdict)
    {
        Assert.Equal((Verdict)verdict, (await OneAsync(new DiskCheck(Configuration(), _ => free))).Verdict);
        Assert.Empty(_folder.GetFiles());
        await BadAsync(new DiskCheck(Configuration() with { StateDirectory = In("none") }), Verdict.Warning, "not there yet", "install -d");
    }

    [Fact]
    public async Task Only_a_governor_that_slows_down_is_warned_of()
    {
        await GoodAsync(new ProcessorCheck(_box), "does not govern");
        Box("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "powersave");
        await BadAsync(new ProcessorCheck(_box), Verdict.Warning, "powersave", "scaling_governor");
        Box("/sys/devices/system/cpu/cpu0/cpufreq/scaling_driver", "intel_pstate");
        await GoodAsync(new ProcessorCheck(_box), "powersave");
    }

    [Fact]
    public async Task Bluetooth_matters_where_a_bed_needs_it()
    {
        await GoodAsync(new BluetoothCheck(needed: false, _box), "no bed needs one");
        await BadAsync(new BluetoothCheck(needed: true, _box), Verdict.Problem, "no Bluetooth adapter", "dmesg");
        Box("/sys/class/bluetooth/hci0/address");
        await BadAsync(new BluetoothCheck(needed: true, _box), Verdict.Problem, "BlueZ is not installed", "apt install bluez");
        Box("/usr/libexec/bluetooth/bluetoothd");
        await BadAsync(new BluetoothCheck(needed: false, _box), Verdict.Warning, "D-Bus", "systemctl start");
        Box("/run/dbus/system_bus_socket");
        await GoodAsync(new BluetoothCheck(needed: true, _box), "hci0");
        Box("/sys/class/rfkill/rfkill0/type", "bluetooth");
        Box("/sys/class/rfkill/rfkill0/soft", "1");
        Box("/sys/class/rfkill/rfkill0/name", "hci0");
        Assert.Equal([Verdict.Problem, Verdict.Ok], (await new BluetoothCheck(needed: true, _box).ExamineAsync(CancellationToken.None)).Select(finding => finding.Verdict));
    }

    [Fact]
    public async Task A_library_that_is_missing_names_its_package()
    {
        var findings = await new LibrariesCheck(null, ("libc.so.6", "libc6"), ("libnothing.so.7", "libnothing7")).ExamineAsync(CancellationToken.None);
        Assert.Equal([Verdict.Ok, Verdict.Problem, Verdict.Ok], findings.Select(finding => finding.Verdict));
        Assert.Equal("sudo apt install libnothing7", findings[1].Cure);
        Assert.Contains("ONNX Runtime 1.", findings[2].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_found_is_lines_for_people_and_one_object_for_machines()
    {
        Finding[] findings = [new("clock", Verdict.Ok, "fine"), new("disk", Verdict.Problem, "full", "rm \"it\"")];
        Assert.Equal("problem  disk          full\n                       → rm \"it\"", Examination.Line(findings[1]));
        var json = JsonDocument.Parse(Examination.Json(findings)).RootElement;
        Assert.Equal(1, json.GetProperty("problems").GetInt32());
        Assert.Equal("rm \"it\"", json.GetProperty("findings")[1].GetProperty("cure").GetString());
        Assert.False(json.GetProperty("findings")[0].TryGetProperty("cure", out _));
    }
}
