using System.Text.Json;
using EcgFm.Acquisition.Wfdb;
using EcgFm.Testing;

namespace EcgFm.EndToEnd.Tests;

/// <summary>
/// The main job on a real recording: a two-lead record with paroxysmal atrial fibrillation comes as device frames over a serial line into the daemon, and a
/// station at a real broker hears of the alerts.
/// </summary>
/// <remarks>
/// The line carries samples faster than real time. The device's counter, and so the place of each window in the record, does not depend on the pace; the host's
/// clock does, so the alerts are placed by the number of the window that decided them. At ten times a window has a second to be interpreted in; one that waits longer is
/// skipped for the next, and a paroxysm of forty seconds has none to spare. <c>ECGFM_FULL=1</c> plays the whole half hour, without it the first ten minutes
/// are awaited: two paroxysms.
/// </remarks>
public sealed class RealRecordTests : IAsyncLifetime
{
    private const double Speed = 10, WindowSeconds = 10;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ecgfm-real-");
    private MosquittoBroker _broker = null!;

    public async Task InitializeAsync() => _broker = await MosquittoBroker.StartAsync();

    public async Task DisposeAsync()
    {
        await _broker.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [SkippableFact]
    public async Task Paroxysms_of_a_real_patient_become_onset_and_clear_at_the_broker()
    {
        var record = WfdbRecord.Open(TestData.Data("mitdb", "201.hea"));
        var episodes = record.ReadAnnotations().Rhythms(record.Length).Where(span => span.Rhythm == "AFIB")
            .Select(span => (Start: span.Start / record.SampleRate, End: span.End / record.SampleRate))
            .Where(span => span.End - span.Start > 30).ToList();
        // The third one goes on until the record is almost over, so that its end cannot be awaited.
        Assert.Equal(3, episodes.Count);
        var awaited = Environment.GetEnvironmentVariable("ECGFM_FULL") == "1" ? 3 : 2;

        await using var station = await Station.OpenAsync(_broker);
        using var pty = new Pty();
        await using var daemon = StartDaemon(pty.Path);
        await station.NextAsync("/status");
        using var end = new CancellationTokenSource();
        var sending = Task.Run(() => Injector.SendAsync(pty, record, Speed, end.Token));
        for (var i = 0; i < awaited; i++)
        {
            var onset = await NextStepAsync(station, "onset");
            Assert.InRange(DecidedAt(onset), episodes[i].Start, episodes[i].End);
            if (i == 2) break;
            var cleared = await NextStepAsync(station, "cleared");
            Assert.Equal(onset.GetProperty("id").GetGuid(), cleared.GetProperty("id").GetGuid());
            // After its end, by the three windows that the rule asks for and one for the intervals' memory.
            Assert.InRange(DecidedAt(cleared), episodes[i].End, episodes[i].End + (5 * WindowSeconds));
        }

        await end.CancelAsync();
        await sending;
        Assert.DoesNotContain("   at ", daemon.Errors, StringComparison.Ordinal);
    }

    /// <summary>Seconds of the record after the window that decided a step.</summary>
    private static double DecidedAt(JsonElement alert) => (alert.GetProperty("evidence").GetProperty("window").GetInt64() + 1) * WindowSeconds;

    /// <summary>The next step of an alert of atrial fibrillation, which must be this one. What else the patient or the line gives rise to is passed over.</summary>
    private static async Task<JsonElement> NextStepAsync(Station station, string state)
    {
        while (true)
        {
            // Between two paroxysms minutes pass; that windows go on is what is waited for meanwhile.
            var (topic, alert) = await station.NextOfAsync("/bed-1/alert", "/bed-1/interpretation");
            if (topic.EndsWith("/interpretation", StringComparison.Ordinal)) continue;
            if (alert.GetProperty("code").GetProperty("own").GetString() != "atrial-fibrillation" || alert.GetProperty("state").GetString() == "ongoing") continue;
            Assert.Equal(state, alert.GetProperty("state").GetString());
            return alert;
        }
    }

    private EdgeProcess StartDaemon(string port)
    {
        var file = Path.Combine(_folder.FullName, "edge.json");
        File.WriteAllText(file, $$"""
            {
              "site": "ward", "device": "box", "stateDirectory": "{{_folder.FullName}}",
              "mqtt": { "url": "mqtt://{{_broker.Host}}:{{_broker.Port}}" },
              "beds": [ { "name": "bed-1", "source": { "type": "device", "port": "{{port}}" } } ]
            }
            """);
        return EdgeProcess.Start("run", "--config", file);
    }
}
