using EcgFm.Alerts;
using EcgFm.Core;

namespace EcgFm.Edge.Commands.Evaluate;

/// <summary>A short record with its truth and what was said of its windows.</summary>
/// <remarks>
/// A record's probability is that of its usable windows together, as the segments of a window: their mean, or their greatest for a label that takes the
/// greatest. A record of which no more than half the windows are usable is too noisy to be judged: its probability is zero. Whether the data are poor is asked of every window.
/// </remarks>
/// <param name="Reference">The truth.</param>
/// <param name="Windows">The windows.</param>
internal sealed record JudgedRecord(ReferenceRow Reference, IReadOnlyList<Interpretation> Windows)
{
    /// <summary>Whether it can be judged.</summary>
    public bool Usable => 2 * Windows.Count(window => window.Input.Quality.Usable) > Windows.Count;

    /// <summary>By the network alone.</summary>
    public double ByNetwork(Label label) => Together(label, window => window.Probability(label.Name)!.Value);

    /// <summary>By the beats alone; windows with too few beats say nothing.</summary>
    public double ByBeats(Label label) => Together(label, window => window.Input.Rhythm?.AtrialFibrillation);

    /// <summary>As an alert rule sees it: by both.</summary>
    public double ByBoth(Label label, LabelRule rule) => Together(label, window => RuleProbability.Of(rule, window)!.Value.Probability);

    private double Together(Label label, Func<Interpretation, float?> probability)
    {
        var values = Windows.Where(window => label.Name == RuleProbability.PoorDataQuality || window.Input.Quality.Usable).Select(probability).OfType<float>().ToList();
        return values.Count == 0 || (label.Name != RuleProbability.PoorDataQuality && !Usable) ? 0 : label.Aggregation == LabelAggregation.Max ? values.Max() : values.Average();
    }
}
