using System.Net;
using System.Net.Sockets;
using System.Text;
using EcgFm.Edge.Health;
using EcgFm.Edge.Models;
using EcgFm.Model.Inference;
using EcgFm.Telemetry;
using EcgFm.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace EcgFm.Edge.Tests;

public sealed class HealthTests : IDisposable
{
    private static readonly TimeSpan Hop = TimeSpan.FromSeconds(10);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ecgfm-health-");
    private readonly ManualTime _time = new(DateTimeOffset.UnixEpoch);
    private readonly ModelSlot _model = new();
    private readonly BedWatch _bed;
    private readonly DeviceHealth _health;
    private TelemetryCondition _condition = new(Connected: true, DateTimeOffset.UnixEpoch, Queued: 3, Fill: 0.25, Discarded: 2, StorageFault: "disk full", SetAside: null);

    public HealthTests()
    {
        _bed = new("bed-1", "simulator", Hop, _time);
        _health = new(_model, [_bed], () => _condition, _time);
    }

    public void Dispose()
    {
        _model.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void A_device_that_is_not_there_is_no_standstill_and_one_that_delivers_and_does_not_get_through_is()
    {
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Empty(_health.Standstills());
        _bed.Connected();
        _time.Advance(TimeSpan.FromSeconds(44));
        Assert.Empty(_health.Standstills());
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.StartsWith("bed-1: no samples", Assert.Single(_health.Standstills()), StringComparison.Ordinal);
        _bed.Moved();
        Assert.Empty(_health.Standstills());
        _bed.Lost("unplugged");
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Empty(_health.Standstills());
    }

    [Fact]
    public void Samples_that_come_and_are_not_interpreted_are_a_standstill()
    {
        _bed.Connected();
        // Without a network nothing is interpreted, and a restart would not bring one.
        MoveFor(300);
        Assert.Empty(_health.Standstills());
        _model.Take(EcgModel.Load(BundledModel.Path, new InferenceOptions { SelfTest = false }));
        MoveFor(74);
        Assert.Empty(_health.Standstills());
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Contains("no window has been interpreted for 76 s", Assert.Single(_health.Standstills()), StringComparison.Ordinal);
        _bed.Count(Interpretations.Window(0, 0));
        Assert.Empty(_health.Standstills());
    }

    private void MoveFor(int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            _bed.Moved();
        }
    }

    [Fact]
    public async Task The_watchdog_is_fed_by_progress_alone()
    {
        var path = Path.Combine(_folder.FullName, "notify");
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        systemd.Bind(new UnixDomainSocketEndPoint(path));
        using var service = new ServiceManager(path, "200000");
        Assert.Equal(TimeSpan.FromMilliseconds(200), service.Watchdog);
        _bed.Connected();
        using var stop = new CancellationTokenSource();
        var running = new Watchdog(service, _health, TimeProvider.System, NullLogger.Instance).RunAsync(stop.Token);
        Assert.StartsWith("WATCHDOG=1\nSTATUS=1 of 1 sources deliver", await NextAsync(systemd), StringComparison.Ordinal);
        Assert.StartsWith("WATCHDOG=1", await NextAsync(systemd), StringComparison.Ordinal);

        _time.Advance(TimeSpan.FromMinutes(2));
        string said;
        do said = await NextAsync(systemd);
        while (said.StartsWith("WATCHDOG=1", StringComparison.Ordinal));
        Assert.StartsWith("STATUS=bed-1: no samples", said, StringComparison.Ordinal);
        Assert.StartsWith("STATUS=bed-1", await NextAsync(systemd), StringComparison.Ordinal);
        _bed.Count(Interpretations.Window(0, 0));
        do said = await NextAsync(systemd);
        while (said.StartsWith("STATUS", StringComparison.Ordinal));
        Assert.StartsWith("WATCHDOG=1", said, StringComparison.Ordinal);
        await stop.CancelAsync();
        await running;
    }

    private static async Task<string> NextAsync(Socket socket)
    {
        var buffer = new byte[4096];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer, patience.Token));
    }

    [Fact]
    public async Task Health_and_metrics_can_be_fetched_on_loopback()
    {
        _bed.Connected();
        _bed.Count(Interpretations.Window(0, 0));
        _bed.Count(Interpretations.Window(1, 0) with { SkippedWindows = 4 });
        using var meter = new EdgeMeter(_health);
        var port = MosquittoBroker.FreePort();
        await using var endpoint = await HealthEndpoint.StartAsync(port, _health, meter);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

        Assert.Equal("ok\n", await client.GetStringAsync("/healthz"));
        var metrics = await client.GetAsync("/metrics");
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", metrics.Content.Headers.ContentType!.ToString());
        var lines = (await metrics.Content.ReadAsStringAsync()).Split('\n');
        foreach (var expected in new[]
                 {
                     "# TYPE ecgfm_windows_total counter", "ecgfm_windows_total{bed=\"bed-1\"} 2", "ecgfm_windows_skipped_total{bed=\"bed-1\"} 4", "ecgfm_inference_time_seconds_total{bed=\"bed-1\"} 0.01",
                     "# TYPE ecgfm_source_connected gauge", "ecgfm_source_connected{bed=\"bed-1\"} 1", "ecgfm_link_connected 1", "ecgfm_outbox_queued 3", "ecgfm_outbox_fill 0.25",
                     "ecgfm_outbox_discarded_total 2", "ecgfm_outbox_stored 0",
                 })
            Assert.Contains(expected, lines);
        Assert.All(lines.Where(line => line.Length > 0), line => Assert.Matches(@"^(# (HELP|TYPE) ecgfm_\w+ .+|ecgfm_\w+(\{bed=""[^""]+""\})? [0-9.eE+-]+)$", line));

        _condition = _condition with { StorageFault = null };
        Assert.Contains("ecgfm_outbox_stored 1", await client.GetStringAsync("/metrics"), StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromMinutes(5));
        var sick = await client.GetAsync("/healthz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, sick.StatusCode);
        Assert.StartsWith("bed-1: no samples", await sick.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.PostAsync("/healthz", null)).StatusCode);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_an_error_that_can_be_caught()
    {
        using var meter = new EdgeMeter(_health);
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        await Assert.ThrowsAsync<IOException>(() => HealthEndpoint.StartAsync(((IPEndPoint)other.LocalEndpoint).Port, _health, meter));
    }

    [Fact]
    public async Task A_collector_gets_the_metrics()
    {
        using var collector = new HttpListener();
        var port = MosquittoBroker.FreePort();
        collector.Prefixes.Add($"http://127.0.0.1:{port}/");
        collector.Start();
        using var meter = new EdgeMeter(_health);
        _bed.Count(Interpretations.Window(0, 0));
        var asked = collector.GetContextAsync();
        // What has been measured is sent at the end too.
        var export = Task.Run(() => OpenTelemetryExport.Start(new Uri($"http://127.0.0.1:{port}/v1/metrics"), "ward/box").Dispose());
        var request = await asked.WaitAsync(TimeSpan.FromSeconds(30));
        using var body = new MemoryStream();
        await request.Request.InputStream.CopyToAsync(body);
        request.Response.Close();
        await export;
        Assert.Equal("/v1/metrics", request.Request.Url!.AbsolutePath);
        var text = Encoding.Latin1.GetString(body.ToArray());
        foreach (var word in new[] { "ecgfm.windows", "bed-1", "ecgfm-edge", "ward/box" }) Assert.Contains(word, text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_hottest_zone_that_can_be_believed_counts()
    {
        foreach (var (zone, text) in new[] { ("thermal_zone0", "48312\n"), ("thermal_zone1", "61000\n"), ("thermal_zone2", "-274000\n"), ("thermal_zone3", "nonsense") })
        {
            Directory.CreateDirectory(Path.Combine(_folder.FullName, zone));
            File.WriteAllText(Path.Combine(_folder.FullName, zone, "temp"), text);
        }

        Directory.CreateDirectory(Path.Combine(_folder.FullName, "thermal_zone4"));
        Assert.Equal(61, new Thermometer(_folder.FullName).Celsius());
        Assert.Null(new Thermometer(Path.Combine(_folder.FullName, "none")).Celsius());
    }

    [Fact]
    public void The_report_says_what_is_wrong_with_storage()
    {
        var report = _health.Report();
        Assert.Equal((3, 2L, "disk full"), (report.Queued, report.Discarded, report.StorageFault));
    }
}
