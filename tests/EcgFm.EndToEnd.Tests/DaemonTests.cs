using System.Text.Json;
using EcgFm.Telemetry.Outbox;
using EcgFm.Testing;

namespace EcgFm.EndToEnd.Tests;

/// <summary>Bytes on a serial line in, alerts at a real broker out, through the daemon in its own process.</summary>
public sealed class DaemonTests : IAsyncLifetime
{
    private const int Interrupt = 2, Kill = 9, Terminate = 15;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ecgfm-daemon-");
    private readonly CancellationTokenSource _end = new();
    private readonly List<Task> _injections = [];
    private MosquittoBroker _broker = null!;

    private string Port => Path.Combine(_folder.FullName, "serial");

    public async Task InitializeAsync() => _broker = await MosquittoBroker.StartAsync();

    public async Task DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_injections);
        _end.Dispose();
        await _broker.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private EdgeProcess StartDaemon(string? stateDirectory = null, string rules = "")
    {
        var file = Path.Combine(_folder.FullName, "edge.json");
        File.WriteAllText(file, $$"""
            {
              "site": "ward", "device": "box", "stateDirectory": "{{stateDirectory ?? _folder.FullName}}", "rules": [ {{rules}} ],
              "model": { "path": "{{Path.Combine(AppContext.BaseDirectory, "models", "ecgfm-nano")}}" },
              "mqtt": { "url": "mqtt://{{_broker.Host}}:{{_broker.Port}}" },
              "beds": [ { "name": "bed-1", "source": { "type": "device", "port": "{{Port}}" } } ]
            }
            """);
        return EdgeProcess.Start("run", "--config", file);
    }

    private Pty PlugIn()
    {
        var pty = new Pty();
        File.Delete(Port);
        File.CreateSymbolicLink(Port, pty.Path);
        return pty;
    }

    private void Inject(Pty pty, string script) => _injections.Add(Task.Run(() => Injector.SendAsync(pty, script, _end.Token)));

    private static async Task<string?> StateAsync(Station station, string topic) => (await station.NextAsync(topic)).Json.GetProperty("state").GetString();

    /// <summary>It says online again whenever its network changes.</summary>
    private static async Task<string?> StateAfterOnlineAsync(Station station)
    {
        var state = "online";
        while (state == "online") state = await StateAsync(station, "/status");
        return state;
    }

    [Fact]
    public async Task Status_and_health_say_which_network_runs_and_on_what_as_soon_as_it_does()
    {
        await using var station = await Station.OpenAsync(_broker);
        await using var daemon = StartDaemon();
        foreach (var topic in new[] { "/status", "/health" })
        {
            var said = (await station.NextAsync(topic)).Json;
            while (said.GetProperty("provider").GetString() == "none") said = (await station.NextAsync(topic)).Json;
            Assert.Equal(("CPU", "ecgfm-nano 1 int8"), (said.GetProperty("provider").GetString(), said.GetProperty("model").GetString()));
        }
    }

    [Fact]
    public async Task Frames_on_a_serial_line_become_an_alert_at_the_broker()
    {
        await using var station = await Station.OpenAsync(_broker);
        using var pty = PlugIn();
        await using var daemon = StartDaemon();
        Assert.Equal("online", await StateAsync(station, "ecgfm/v1/ward/box/status"));
        Inject(pty, "sinus:30s,af:60s,sinus:80s");

        var (interpretation, _) = await station.NextAsync("ecgfm/v1/ward/box/bed-1/interpretation");
        Assert.True(interpretation.GetProperty("labels").GetProperty("Sinus rhythm").GetSingle() > 0.5);
        Assert.Equal(0, interpretation.GetProperty("quality").GetProperty("missingSamples").GetInt32());
        var onset = await FibrillationAsync(station);
        Assert.Equal("onset", onset.GetProperty("state").GetString());
        Assert.True(onset.GetProperty("probability").GetSingle() > 0.6);
        var cleared = await FibrillationAsync(station);
        Assert.Equal("cleared", cleared.GetProperty("state").GetString());
        Assert.Equal(onset.GetProperty("id").GetGuid(), cleared.GetProperty("id").GetGuid());

        daemon.Signal(Terminate);
        Assert.Equal(0, await daemon.ExitAsync());
        Assert.Equal("stopped", await StateAfterOnlineAsync(station));
        Assert.DoesNotContain("   at ", daemon.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_that_is_killed_gets_the_alert_when_it_is_back()
    {
        using var pty = PlugIn();
        await using var daemon = StartDaemon();
        await daemon.ErrorAsync("Connected to the broker");
        Inject(pty, "af");
        await daemon.ErrorAsync("The device delivers");
        await _broker.KillAsync();
        await daemon.ErrorAsync("Messages wait in the outbox");
        await daemon.ErrorAsync("atrial-fibrillation onset");

        await _broker.StartAgainAsync();
        await daemon.ErrorAsync("Connected to the broker");
        // The daemon may be faster than any subscriber. The list is retained, and it leaves the outbox after the step that it lists.
        await using var station = await Station.OpenAsync(_broker);
        Assert.Equal("online", await StateAsync(station, "/status"));
        var list = await station.NextAsync("/bed-1/alerts", list => list.GetProperty("alerts").EnumerateArray().Any(IsFibrillation));
        Assert.Equal("onset", list.GetProperty("alerts").EnumerateArray().Single(IsFibrillation).GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_line_that_is_pulled_and_plugged_in_again_goes_on()
    {
        await using var station = await Station.OpenAsync(_broker);
        var first = PlugIn();
        await using var daemon = StartDaemon();
        Inject(first, "sinus");
        await station.NextAsync("/bed-1/interpretation");
        first.Dispose();
        await daemon.ErrorAsync(Port);

        using var second = PlugIn();
        Inject(second, "sinus");
        await daemon.ErrorAsync("The device delivers");
        // One window may have been on its way when the line was pulled, not three.
        for (var i = 0; i < 3; i++) await station.NextAsync("/bed-1/interpretation");
        Assert.DoesNotContain("   at ", daemon.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_daemon_that_is_killed_is_offline_by_its_last_will()
    {
        await using var station = await Station.OpenAsync(_broker);
        await using var daemon = StartDaemon();
        Assert.Equal("online", await StateAsync(station, "/status"));
        daemon.Signal(Kill);
        Assert.Equal("offline", await StateAfterOnlineAsync(station));
    }

    [Fact]
    public async Task An_alert_that_was_stored_survives_the_death_of_the_daemon()
    {
        using var pty = PlugIn();
        await using (var daemon = StartDaemon())
        {
            await daemon.ErrorAsync("Connected to the broker");
            await _broker.KillAsync();
            await daemon.ErrorAsync("Messages wait in the outbox");
            Inject(pty, "af");
            await daemon.ErrorAsync("atrial-fibrillation onset");
            daemon.Signal(Kill);
            await daemon.ExitAsync();
        }

        await _broker.StartAgainAsync();
        await using var station = await Station.OpenAsync(_broker);
        await using var again = StartDaemon();
        Assert.Equal("onset", (await FibrillationAsync(station)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task An_alert_that_was_active_when_the_daemon_died_is_the_same_alert_after_it()
    {
        await using var station = await Station.OpenAsync(_broker);
        var steps = new List<JsonElement>();
        async Task UntilAsync(string state)
        {
            do steps.Add(await FibrillationAsync(station));
            while (steps[^1].GetProperty("state").GetString() != state);
        }

        using (var pty = PlugIn())
        await using (var daemon = StartDaemon())
        {
            Inject(pty, "af@95");
            await UntilAsync("onset");
            daemon.Signal(Kill);
            await daemon.ExitAsync();
        }

        using var other = PlugIn();
        Inject(other, "sinus@70");
        await using var again = StartDaemon();
        await UntilAsync("cleared");
        Assert.Single(steps.Select(step => step.GetProperty("id").GetGuid()).Distinct());
        Assert.Single(steps.Select(step => step.GetProperty("onset").GetDateTimeOffset()).Distinct());
        // A step that was not acknowledged when the daemon died comes again, with the same number.
        Assert.Equal(Enumerable.Range(1, steps[^1].GetProperty("sequence").GetInt32()), steps.Select(step => step.GetProperty("sequence").GetInt32()).Distinct());
    }

    [Fact]
    public async Task An_active_alert_that_another_version_has_stored_is_cleared_with_the_reason()
    {
        await using var station = await Station.OpenAsync(_broker);
        JsonElement onset, cleared;
        using (var pty = PlugIn())
        await using (var daemon = StartDaemon())
        {
            Inject(pty, "af@95");
            onset = await FibrillationAsync(station);
            daemon.Signal(Kill);
            await daemon.ExitAsync();
        }

        using (var outbox = MessageOutbox.Open(Path.Combine(_folder.FullName, "outbox.db")))
            outbox.Add([], new StoredState("alerts/bed-1", """{"activeAlerts":[]}"""u8.ToArray()));
        await using var again = StartDaemon();
        // The onset may come once more.
        do cleared = await FibrillationAsync(station);
        while (cleared.GetProperty("sequence").GetInt32() == onset.GetProperty("sequence").GetInt32());
        Assert.Equal((onset.GetProperty("id").GetGuid(), "cleared"), (cleared.GetProperty("id").GetGuid(), cleared.GetProperty("state").GetString()));
        Assert.Contains("cannot read it", cleared.GetProperty("detail").GetString(), StringComparison.Ordinal);
        var (list, _) = await station.NextAsync("/bed-1/alerts");
        Assert.DoesNotContain(list.GetProperty("alerts").EnumerateArray(), alert => alert.GetProperty("id").GetGuid() == onset.GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task A_disk_that_takes_nothing_is_an_alert_of_the_box_and_monitoring_goes_on()
    {
        // A file where the folder should be: nothing can be stored until it is gone.
        var folder = Path.Combine(_folder.FullName, "state");
        File.WriteAllText(folder, "");
        await using var station = await Station.OpenAsync(_broker);
        using var pty = PlugIn();
        await using var daemon = StartDaemon(folder, """{ "code": "storage-failing", "endAfterSeconds": 1 }""");
        Inject(pty, "af@95");
        // The one from the box, the other from the bed, in whichever order.
        var steps = new Dictionary<string, JsonElement>();
        while (!steps.ContainsKey("storage-failing") || !steps.ContainsKey("atrial-fibrillation"))
        {
            var (step, _) = await station.NextAsync("/alert");
            steps.TryAdd(step.GetProperty("code").GetProperty("own").GetString()!, step);
        }

        var failing = steps["storage-failing"];
        Assert.Equal("onset", failing.GetProperty("state").GetString());
        Assert.False(failing.TryGetProperty("bed", out var _));

        File.Delete(folder);
        Directory.CreateDirectory(folder);
        var (well, _) = await station.NextAsync("ward/box/alert");
        Assert.Equal((failing.GetProperty("id").GetGuid(), "cleared"), (well.GetProperty("id").GetGuid(), well.GetProperty("state").GetString()));
    }

    [Fact]
    public async Task Without_device_and_broker_the_daemon_runs_and_ends_at_once_when_told()
    {
        await _broker.KillAsync();
        await using var daemon = StartDaemon();
        await daemon.ErrorAsync(Port);
        daemon.Signal(Interrupt);
        Assert.Equal(0, await daemon.ExitAsync().WaitAsync(TimeSpan.FromSeconds(15)));
        Assert.DoesNotContain("   at ", daemon.Errors, StringComparison.Ordinal);
    }

    /// <summary>The next step of the alert about atrial fibrillation.</summary>
    private static Task<JsonElement> FibrillationAsync(Station station) => station.NextAsync("/bed-1/alert", IsFibrillation);

    private static bool IsFibrillation(JsonElement alert) => alert.GetProperty("code").GetProperty("own").GetString() == "atrial-fibrillation";
}
