using System.Text.Json.Serialization;

namespace EcgFm.Core;

/// <summary>One step in the life of a condition that somebody must hear of.</summary>
public sealed record Alert
{
    /// <summary>UUIDv7 of the alert: the same from onset to clear.</summary>
    public required Guid Id { get; init; }

    /// <summary>The number of this step within the alert, from one.</summary>
    public required int Sequence { get; init; }

    /// <summary>The bed that it is about; null for the whole box.</summary>
    public required string? Bed { get; init; }

    /// <summary>The patient, or the equipment.</summary>
    public required AlertKind Kind { get; init; }

    /// <summary>The project's own code, such as "atrial-fibrillation".</summary>
    public required string Code { get; init; }

    /// <summary>The SNOMED CT concept, where there is one.</summary>
    public string? Snomed { get; init; }

    /// <summary>The ISO/IEEE 11073-10101 reference identifier, where there is one.</summary>
    public string? Mdc { get; init; }

    /// <summary>What it says to a person, such as "Atrial fibrillation".</summary>
    public required string Title { get; init; }

    /// <summary>More of it in words, such as which leads are off, or why it was cleared otherwise than by its rule.</summary>
    public string? Detail { get; init; }

    /// <summary>How soon somebody must respond.</summary>
    public required AlertPriority Priority { get; init; }

    /// <summary>The step.</summary>
    public required AlertState State { get; init; }

    /// <summary>When the condition began: the start of the first window that counted.</summary>
    public required DateTimeOffset Onset { get; init; }

    /// <summary>When this step was reached: the end of the window that decided it, or the moment when somebody or something else did.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>When the condition ended, of an alert that is latched or cleared.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>Who has seen it, as a role or a workplace; null as long as nobody has.</summary>
    public string? AcknowledgedBy { get; init; }

    /// <summary>Until when the bed's alerts are paused; null when they are not.</summary>
    public DateTimeOffset? PausedUntil { get; init; }

    /// <summary>The probability that the rule saw in the window that decided this step, second opinion included, for an alert that rests on a label.</summary>
    public float? Probability { get; init; }

    /// <summary>The ten seconds that decided this step, for a step that samples decided; not remembered over a restart.</summary>
    [JsonIgnore]
    public AssessedWindow? Window { get; init; }

    /// <summary>The interpretation that decided this step, for an alert that rests on a label; not remembered over a restart.</summary>
    [JsonIgnore]
    public Interpretation? Evidence { get; init; }
}
