using System.Globalization;
using System.Text.Json;
using EcgFm.Acquisition.Wfdb;
using EcgFm.Core;
using EcgFm.Evaluation;

namespace EcgFm.Edge.Commands.Evaluate;

/// <summary>The figures of <c>evaluate episodes</c>, record by record and in sum, for each view.</summary>
/// <remarks>
/// Sums are WFDB's gross statistics over all records. False alerts per hour are counted on the records without a reference episode, from the first second
/// on; an alert within an exclusion is not counted. The delay is from the onset of a reference episode to the first alert that is raised within it.
/// </remarks>
/// <param name="views">The views.</param>
/// <param name="output">Where the lines go.</param>
/// <param name="json">Whether they are for machines.</param>
internal sealed class EpisodeReport(EpisodeViews views, TextWriter output, bool json)
{
    private sealed class Sum
    {
        public EpisodeFigures Figures;
        public int FalseAlerts;
        public double FreeHours;
        public List<double> Delays { get; } = [];
    }

    private readonly Dictionary<string, Sum> _sums = views.Rules.ToDictionary(rule => rule.Code, _ => new Sum());
    private int _records, _withEpisodes, _windows, _unusable;

    public void Begin(ModelIdentity model, LeadSet leads)
    {
        if (json) return;
        output.WriteLine($"{model.Name} {model.Version} {model.Precision} · {views.Label.Name} · leads {(leads == LeadSet.All ? "as recorded" : leads)} · first {EpisodeComparison.LearningSeconds:0} s of each record left out of Se and +P (epicmp)");
        output.WriteLine("record      minutes  reference  alert  unusable   duration Se    +P   episodes Se    +P   false alerts   delay s");
    }

    public void Add(RecordRun run, WfdbAnnotations annotations)
    {
        var (reference, excluded) = (views.Reference(annotations, run.Record), views.Excluded(annotations, run.Record));
        var end = run.Record.Duration.TotalSeconds;
        var unusable = run.Windows.Count(window => !window.Input.Quality.Usable);
        (_records, _windows, _unusable) = (_records + 1, _windows + run.Windows.Count, _unusable + unusable);
        if (reference.Count > 0) _withEpisodes++;
        foreach (var rule in views.Rules)
        {
            var test = run.Episodes(rule.Code);
            var figures = EpisodeComparison.Compare(reference, test, excluded, Math.Min(EpisodeComparison.LearningSeconds, end), end);
            var raised = run.Raised(rule.Code);
            var delays = reference.SelectMany(episode => raised.Where(at => at >= episode.Start && at < episode.End).Take(1).Select(at => at - episode.Start)).ToList();
            var wrong = reference.Count > 0 ? 0 : test.Count(episode => episode.Duration > excluded.Sum(episode.Overlap));
            var sum = _sums[rule.Code];
            sum.Figures += figures;
            sum.FalseAlerts += wrong;
            if (reference.Count == 0) sum.FreeHours += end / 3600;
            sum.Delays.AddRange(delays);
            if (json) output.WriteLine(JsonSerializer.Serialize(new
            {
                type = "record",
                record = run.Record.Name,
                by = rule.Code,
                seconds = Math.Round(end, 1),
                windows = run.Windows.Count,
                unusable,
                figures = Figures(figures),
                falseAlerts = reference.Count > 0 ? null : (int?)wrong,
                delays = delays.Select(delay => Math.Round(delay, 1)),
                reference = reference.Select(Span),
                alerts = test.Select(Span),
            }));
            else if (rule == views.Rules[0]) output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{run.Record.Name,-10} {end / 60,8:0.0} {reference.Sum(e => e.Duration) / 60,10:0.0} {test.Sum(e => e.Duration) / 60,6:0.0} {unusable,9} {Share(figures.DurationSensitivity),13} {Share(figures.DurationPredictivity),5} {Share(figures.EpisodeSensitivity),13} {Share(figures.EpisodePredictivity),5} {(reference.Count > 0 ? "–" : wrong.ToString(CultureInfo.InvariantCulture)),14} {string.Join(' ', delays.Select(delay => delay.ToString("0", CultureInfo.InvariantCulture))),9}"));
        }
    }

    public void End()
    {
        foreach (var (by, sum) in _sums)
        {
            var perHour = sum.FalseAlerts / sum.FreeHours;
            if (json) output.WriteLine(JsonSerializer.Serialize(new
            {
                type = "sum",
                by,
                records = _records,
                recordsWithEpisodes = _withEpisodes,
                windows = _windows,
                unusable = _unusable,
                figures = Figures(sum.Figures),
                falseAlerts = sum.FalseAlerts,
                hoursWithout = Math.Round(sum.FreeHours, 3),
                falseAlertsPerHour = Finite(perHour),
                medianDelay = Finite(Median(sum.Delays)),
            }));
            else output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{by}: duration Se {Share(sum.Figures.DurationSensitivity)} +P {Share(sum.Figures.DurationPredictivity)} ({sum.Figures.ReferenceSeconds / 60:0.0} min of reference, {sum.Figures.TestSeconds / 60:0.0} min of alerts) · episodes Se {Share(sum.Figures.EpisodeSensitivity)} ({sum.Figures.ReferenceFound}/{sum.Figures.ReferenceEpisodes}) +P {Share(sum.Figures.EpisodePredictivity)} ({sum.Figures.TestRight}/{sum.Figures.TestEpisodes}) · {sum.FalseAlerts} false alerts in {sum.FreeHours:0.0} h without episodes, {Rate(perHour)} an hour · median delay {Rate(Median(sum.Delays))} s"));
        }

        if (!json) output.WriteLine($"{_withEpisodes} of {_records} records have episodes; {_unusable} of {_windows} windows were not usable.");
    }

    private static double[] Span(Episode episode) => [Math.Round(episode.Start, 1), Math.Round(episode.End, 1)];

    private static object Figures(EpisodeFigures figures) => new
    {
        durationSensitivity = Finite(figures.DurationSensitivity),
        durationPredictivity = Finite(figures.DurationPredictivity),
        episodeSensitivity = Finite(figures.EpisodeSensitivity),
        episodePredictivity = Finite(figures.EpisodePredictivity),
        referenceEpisodes = figures.ReferenceEpisodes,
        referenceFound = figures.ReferenceFound,
        testEpisodes = figures.TestEpisodes,
        testRight = figures.TestRight,
        referenceSeconds = Math.Round(figures.ReferenceSeconds, 1),
        testSeconds = Math.Round(figures.TestSeconds, 1),
    };

    private static double Median(List<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? double.NaN : (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    private static double? Finite(double value) => double.IsFinite(value) ? Math.Round(value, 4) : null;

    private static string Share(double value) => double.IsFinite(value) ? value.ToString("0.000", CultureInfo.InvariantCulture) : "–";

    private static string Rate(double value) => double.IsFinite(value) ? value.ToString("0.00", CultureInfo.InvariantCulture) : "–";
}
