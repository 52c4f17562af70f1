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

    private EdgeProcess StartDaemon()
    {
        var file = Path.Combine(_folder.FullName, "edge.json");
        File.WriteAllText(file, $$"""
            {
              "site": "ward", "device": "box", "stateDirectory": "{{_folder.FullName}}",
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
        var (onset, _) = await station.NextAsync("ecgfm/v1/ward/box/bed-1/alert");
        Assert.Equal(("onset", "atrial-fibrillation"), (onset.GetProperty("state").GetString(), onset.GetProperty("code").GetProperty("own").GetString()));
        Assert.True(onset.GetProperty("probability").GetSingle() > 0.6);
        var (cleared, _) = await station.NextAsync("ecgfm/v1/ward/box/bed-1/alert");
        Assert.Equal("cleared", cleared.GetProperty("state").GetString());
        Assert.Equal(onset.GetProperty("id").GetGuid(), cleared.GetProperty("id").GetGuid());

        daemon.Signal(Terminate);
        Assert.Equal(0, await daemon.ExitAsync());
        Assert.Equal("stopped", await StateAsync(station, "/status"));
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
        var alerts = (await station.NextAsync("/bed-1/alerts")).Json.GetProperty("alerts");
        while (alerts.GetArrayLength() == 0) alerts = (await station.NextAsync("/bed-1/alerts")).Json.GetProperty("alerts");
        Assert.Equal("onset", Assert.Single(alerts.EnumerateArray()).GetProperty("state").GetString());
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
        Assert.Equal("offline", await StateAsync(station, "/status"));
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
        var (onset, _) = await station.NextAsync("/bed-1/alert");
        Assert.Equal("onset", onset.GetProperty("state").GetString());
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
}
