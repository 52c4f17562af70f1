namespace EcgFm.Core;

/// <summary>One step in the life of a condition that somebody must hear of.</summary>
public sealed record Alert
{
    /// <summary>UUIDv7 of the alert: the same from onset to clear.</summary>
    public required Guid Id { get; init; }

    /// <summary>The number of this step within the alert, from one.</summary>
    public required int Sequence { get; init; }

    /// <summary>The bed that it is about.</summary>
    public required string Bed { get; init; }

    /// <summary>The patient, or the equipment.</summary>
    public required AlertKind Kind { get; init; }

    /// <summary>The project's own code, such as "atrial-fibrillation".</summary>
    public required string Code { get; init; }

    /// <summary>What it says to a person, such as "Atrial fibrillation".</summary>
    public required string Title { get; init; }

    /// <summary>How soon somebody must respond.</summary>
    public required AlertPriority Priority { get; init; }

    /// <summary>The step.</summary>
    public required AlertState State { get; init; }

    /// <summary>When the condition began: the start of the first window that counted.</summary>
    public required DateTimeOffset Onset { get; init; }

    /// <summary>When this step was reached: the end of the window that decided it.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The label of the network that it rests on, if any.</summary>
    public Label? Label { get; init; }

    /// <summary>The probability that the rule saw in the window that decided this step, second opinion included, for an alert that rests on a label.</summary>
    public float? Probability { get; init; }

    /// <summary>The interpretation that decided this step, for an alert that rests on one.</summary>
    public Interpretation? Evidence { get; init; }
}
