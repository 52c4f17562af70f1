using EcgFm.Acquisition;
using EcgFm.Acquisition.Wfdb;
using EcgFm.Alerts;
using EcgFm.Core;
using EcgFm.Evaluation;
using EcgFm.Model.Inference;
using EcgFm.Signal.Rhythm;
using EcgFm.Telemetry;

namespace EcgFm.Edge.Commands.Evaluate;

/// <summary>What the monitor said of a record from its beginning to its end.</summary>
/// <param name="Record">The record.</param>
/// <param name="Windows">Every window, without its samples.</param>
/// <param name="Alerts">Every step of every alert.</param>
/// <param name="Peak">The usable window in which the first rule saw the most, with its samples.</param>
internal sealed record RecordRun(WfdbRecord Record, IReadOnlyList<Interpretation> Windows, IReadOnlyList<Alert> Alerts, Interpretation? Peak)
{
    /// <summary>Plays the record through the monitor of a bed, as fast as it goes.</summary>
    /// <exception cref="InvalidOperationException">A window could not be interpreted.</exception>
    public static async Task<RecordRun> PlayAsync(WfdbRecord record, LeadSet leads, IInterpreter model, RhythmClassifier? rhythm, IEnumerable<AlertRule> rules, CancellationToken stop)
    {
        var source = new WfdbSource(record, PlaybackSpeed.Max, start: DateTimeOffset.UnixEpoch);
        InferenceFault? failed = null;
        var options = new MonitorOptions
        {
            Bed = record.Name,
            Source = leads == LeadSet.All ? source : new FewerLeads(source, leads),
            Finite = true,
            WithVitals = false,
            Rhythm = rhythm,
            Alerts = new AlertOptions { Rules = [.. rules] },
            OnInferenceFault = fault => failed ??= fault,
        };
        var (windows, alerts) = (new List<Interpretation>(), new List<Alert>());
        using var monitor = new Monitor(options, model, new NoTelemetry());
        var (peak, greatest) = (default(Interpretation), -1f);
        using var seen = monitor.Interpretations.Subscribe(window =>
        {
            windows.Add(WithoutSamples(window));
            if (rules.OfType<LabelRule>().FirstOrDefault() is not { } rule || !window.Input.Quality.Usable || RuleProbability.Of(rule, window) is not var (_, probability) || probability <= greatest) return;
            (peak, greatest) = (window, probability);
        });
        using var raised = monitor.Alerts.Subscribe(alerts.Add);
        await monitor.RunAsync(stop).ConfigureAwait(false);
        return failed is null
            ? new(record, windows, alerts, peak)
            : throw new InvalidOperationException($"{record.Name}, window {failed.Window.Window.Index}: {failed.Error.Message}", failed.Error);
    }

    /// <summary>The seconds since the record began.</summary>
    public double Seconds(DateTimeOffset time) => (time - Windows[0].Input.Window.Start).TotalSeconds + Start(Windows[0]);

    /// <summary>When a window begins, in seconds since the record began.</summary>
    public static double Start(Interpretation window) => (double)window.Input.Window.FirstSample / EcgWindow.SampleRate;

    /// <summary>The episodes that a rule reported: each from an alert's onset to the end of its condition, or to the record's.</summary>
    public IReadOnlyList<Episode> Episodes(string code)
    {
        var episodes = new List<Episode>();
        foreach (var alert in Alerts.Where(alert => alert.Code == code).GroupBy(alert => alert.Id))
        {
            var last = alert.Last();
            var end = last.State is AlertState.Cleared or AlertState.Latched ? Seconds(last.Ended ?? last.Time) : Record.Duration.TotalSeconds;
            episodes.Add(new Episode(Seconds(last.Onset), end));
        }

        return episodes;
    }

    /// <summary>When each alert of a rule was raised.</summary>
    public IReadOnlyList<double> Raised(string code) => [.. Alerts.Where(alert => alert.Code == code && alert.Sequence == 1).Select(alert => Seconds(alert.Time))];

    private static Interpretation WithoutSamples(Interpretation window) => window with
    {
        Saliency = [],
        Input = window.Input with { Window = window.Input.Window with { Samples = [] } },
    };
}
