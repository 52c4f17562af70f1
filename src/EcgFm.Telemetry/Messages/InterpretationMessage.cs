using EcgFm.Core;

namespace EcgFm.Telemetry.Messages;

/// <summary>The payload of <c>{bed}/interpretation</c>: what the network says of one window.</summary>
public sealed record InterpretationMessage
{
    /// <summary>Always "interpretation".</summary>
    public string Type { get; } = "interpretation";

    /// <summary>The bed.</summary>
    public required string Bed { get; init; }

    /// <summary>The number of the window since the stream began, from zero.</summary>
    public required long Window { get; init; }

    /// <summary>The time of the window's first sample.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>The time just after its last sample.</summary>
    public required DateTimeOffset End { get; init; }

    /// <summary>The probability of each label, by the label's name.</summary>
    public required IReadOnlyDictionary<string, float> Labels { get; init; }

    /// <summary>The probability from which each label counts as present, by the label's name; a rule may have another. Nothing in what an older version stored.</summary>
    public IReadOnlyDictionary<string, double>? Thresholds { get; init; }

    /// <summary>What the intervals between the beats say, apart from the network; nothing where there are too few.</summary>
    public BeatsMessage? Beats { get; init; }

    /// <summary>Beats per minute, where enough beats were found.</summary>
    public double? HeartRate { get; init; }

    /// <summary>Whether the window was fit for analysis, and what was wrong with which lead.</summary>
    public required QualityMessage Quality { get; init; }

    /// <summary>How long the network took, in milliseconds.</summary>
    public required double InferenceMilliseconds { get; init; }

    /// <summary>How many windows were skipped since the stream began because the device was too slow.</summary>
    public required long SkippedWindows { get; init; }

    /// <summary>Which network it was.</summary>
    public required ModelIdentity Model { get; init; }

    /// <summary>The message for an interpretation of a window of the bed.</summary>
    public static InterpretationMessage From(Interpretation interpretation, string bed)
    {
        var labels = new Dictionary<string, float>(interpretation.Labels.Length);
        var thresholds = new Dictionary<string, double>(interpretation.Labels.Length);
        for (var i = 0; i < interpretation.Labels.Length; i++)
        {
            labels[interpretation.Labels[i].Name] = MathF.Round(interpretation.Probabilities[i], 5);
            thresholds[interpretation.Labels[i].Name] = Math.Round(interpretation.Labels[i].Threshold, 5);
        }

        var (window, quality, heartRate) = interpretation.Input;
        return new()
        {
            Bed = bed,
            Window = window.Index,
            Start = window.Start,
            End = window.End,
            Labels = labels,
            Thresholds = thresholds,
            Beats = interpretation.Input.Rhythm is { } rhythm ? BeatsMessage.From(rhythm) : null,
            HeartRate = heartRate is { } rate ? Math.Round(rate, 1) : null,
            Quality = QualityMessage.From(window, quality),
            InferenceMilliseconds = Math.Round(interpretation.InferenceTime.TotalMilliseconds, 2),
            SkippedWindows = interpretation.SkippedWindows,
            Model = interpretation.Model,
        };
    }
}
