using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using EcgFm.Alerts;
using EcgFm.Core;
using EcgFm.Evaluation;

namespace EcgFm.Edge.Commands.Evaluate;

/// <summary>The figures of <c>evaluate windows</c>.</summary>
internal sealed class WindowReport(IReadOnlyList<JudgedRecord> records, ImmutableArray<Label> labels)
{
    private sealed record Row(string Label, string By, double Threshold, BinaryFigures Figures, (double Low, double High)[] Intervals, int UnusablePositives, int UnusableNegatives);

    private static double[] Values(BinaryFigures figures) => [figures.Auroc, figures.Auprc, figures.Sensitivity, figures.Specificity, figures.F1];

    private static readonly string[] Columns = ["AUROC", "AUPRC", "sensitivity", "specificity", "F1"];

    public IEnumerable<string> TextLines()
    {
        foreach (var row in Rows())
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{row.Label}, {row.By}, threshold {row.Threshold:0.###}: {row.Figures.Positives} positive, {row.Figures.Negatives} negative; too noisy {row.UnusablePositives} and {row.UnusableNegatives}");
            var values = Values(row.Figures);
            yield return "  " + string.Join(" · ", Columns.Select((name, i) => $"{name} {Number(values[i])} ({Number(row.Intervals[i].Low)}–{Number(row.Intervals[i].High)})"));
        }
    }

    public IEnumerable<string> JsonLines() => records.Select(RecordLine).Concat(Rows().Select(row =>
    {
        var values = Values(row.Figures);
        var figures = Columns.Select((name, i) => (name, i)).ToDictionary(
            column => column.name.Length <= 5 ? column.name.ToLowerInvariant() : column.name,
            column => new { value = Finite(values[column.i]), low = Finite(row.Intervals[column.i].Low), high = Finite(row.Intervals[column.i].High) });
        return JsonSerializer.Serialize(new
        {
            type = "label",
            label = row.Label,
            by = row.By,
            threshold = row.Threshold,
            positives = row.Figures.Positives,
            negatives = row.Figures.Negatives,
            unusablePositives = row.UnusablePositives,
            unusableNegatives = row.UnusableNegatives,
            figures,
        });
    }));

    /// <summary>What was said of one record, so that whoever measures in parts (fold by fold, say) can put them together.</summary>
    private string RecordLine(JudgedRecord record) => JsonSerializer.Serialize(new
    {
        type = "record",
        record = record.Reference.Record,
        start = RecordRun.Start(record.Windows[0]),
        usable = record.Usable,
        labels = labels.Select(label => new
        {
            label = label.Name,
            truth = record.Reference.Truth.TryGetValue(label.Name, out var truth) ? (bool?)truth : null,
            network = Finite(record.ByNetwork(label)),
            beats = RuleOf(label) is null ? null : Finite(record.ByBeats(label)),
            both = RuleOf(label) is { } rule ? Finite(record.ByBoth(label, rule)) : null,
        }),
    });

    /// <summary>The shipped rule that hears the beats beside the network.</summary>
    private static LabelRule? RuleOf(Label label) =>
        AlertRules.Default.OfType<LabelRule>().FirstOrDefault(rule => rule.Label == label.Name && rule.SecondOpinion == SecondOpinion.Beats);

    private IEnumerable<Row> Rows()
    {
        foreach (var label in labels)
        {
            var known = records.Where(record => record.Reference.Truth.ContainsKey(label.Name)).ToList();
            if (known.Count == 0) continue;
            yield return Of(known, label, "network", label.Threshold, record => record.ByNetwork(label));
            if (RuleOf(label) is not { } rule) continue;
            yield return Of(known, label, "beats", WithBeats.Label.Threshold, record => record.ByBeats(label));
            yield return Of(known, label, "both", rule.StartThreshold ?? label.Threshold, record => record.ByBoth(label, rule));
        }
    }

    private static Row Of(IReadOnlyList<JudgedRecord> records, Label label, string by, double threshold, Func<JudgedRecord, double> probability)
    {
        // Windows of one record are drawn together.
        List<Score[]> scores = [.. records.GroupBy(record => record.Reference.Record).Select(group => group.Select(Score).ToArray())];
        Score Score(JudgedRecord record) => new(probability(record), record.Reference.Truth[label.Name]);
        BinaryFigures Figures(IReadOnlyList<Score[]> drawn) => BinaryFigures.Of([.. drawn.SelectMany(group => group)], threshold);
        int Unusable(bool positive) => records.Count(record => !record.Usable && record.Reference.Truth[label.Name] == positive);
        return new Row(label.Name, by, threshold, Figures(scores), Bootstrap.Intervals(scores, drawn => Values(Figures(drawn))), Unusable(true), Unusable(false));
    }

    private static double? Finite(double value) => double.IsFinite(value) ? Math.Round(value, 4) : null;

    private static string Number(double value) => double.IsFinite(value) ? value.ToString("0.000", CultureInfo.InvariantCulture) : "–";
}
