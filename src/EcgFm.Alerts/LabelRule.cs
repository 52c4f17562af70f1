namespace EcgFm.Alerts;

/// <summary>When a label of the network becomes an alert, and when the alert ends.</summary>
/// <remarks>
/// Only usable windows count: an unusable window neither starts nor ends an alert. Of windows that overlap one counts, so that a count is a stretch of time
/// whatever the hop; windows more than two minutes apart (two hops, where that is more) do not follow each other. Thresholds lie between 0 and 1.
/// Where a rule names no threshold it takes the label's own, which was chosen on validation data.
/// </remarks>
public sealed record LabelRule : AlertRule
{
    /// <summary>The label of the network that it watches.</summary>
    public required string Label { get; init; }

    /// <summary>Whether it is an error when the network does not have the label (somebody wrote the rule), or the rule then rests (it is a default).</summary>
    public bool Required { get; init; }

    /// <summary>Who is heard beside the network.</summary>
    public SecondOpinion SecondOpinion { get; init; }

    /// <summary>The probability (<see cref="RuleProbability"/>) from which a window counts for the alert; null for the label's own threshold.</summary>
    public double? StartThreshold { get; init; }

    /// <summary>How many windows must count …</summary>
    public int StartCount { get; init; } = 3;

    /// <summary>… of how many last usable ones, to start the alert.</summary>
    public int StartWindows { get; init; } = 3;

    /// <summary>The probability below which a window counts against the alert; null for 0.7 of the start threshold.</summary>
    public double? EndThreshold { get; init; }

    /// <summary>How many windows must count against it …</summary>
    public int EndCount { get; init; } = 3;

    /// <summary>… of how many last usable ones, to end the alert.</summary>
    public int EndWindows { get; init; } = 3;
}
