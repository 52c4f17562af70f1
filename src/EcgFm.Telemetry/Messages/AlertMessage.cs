using EcgFm.Core;

namespace EcgFm.Telemetry.Messages;

/// <summary>The payload of <c>{bed}/alert</c>: one step in the life of an alert.</summary>
public sealed record AlertMessage
{
    /// <summary>Always "alert".</summary>
    public string Type { get; } = "alert";

    /// <summary>UUIDv7 of the alert, the same from onset to clear.</summary>
    public required Guid Id { get; init; }

    /// <summary>The number of this step within the alert, from one. A message that arrives twice has the same id and sequence.</summary>
    public required int Sequence { get; init; }

    /// <summary>The bed; absent for an alert about the whole box.</summary>
    public string? Bed { get; init; }

    /// <summary>physiological or technical.</summary>
    public required AlertKind Kind { get; init; }

    /// <summary>What the alert is called in each vocabulary.</summary>
    public required AlertCode Code { get; init; }

    /// <summary>What it says to a person.</summary>
    public required string Title { get; init; }

    /// <summary>More of it in words, such as which leads are off, or why it was cleared otherwise than by its rule.</summary>
    public string? Detail { get; init; }

    /// <summary>high, medium or low, as IEC 60601-1-8 names them.</summary>
    public required AlertPriority Priority { get; init; }

    /// <summary>onset, ongoing, acknowledged, paused, latched or cleared.</summary>
    public required AlertState State { get; init; }

    /// <summary>When the condition began.</summary>
    public required DateTimeOffset Onset { get; init; }

    /// <summary>When this step was reached.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>When the condition ended, of an alert that is latched or cleared.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>Who has seen it, as a role or a workplace.</summary>
    public string? AcknowledgedBy { get; init; }

    /// <summary>Until when the bed's alerts are paused.</summary>
    public DateTimeOffset? PausedUntil { get; init; }

    /// <summary>Beats per minute in the ten seconds that decided this step, where enough beats were found.</summary>
    public double? HeartRate { get; init; }

    /// <summary>The probability that the rule saw in the window that decided this step: the network's and the beats' together; each stands alone in the evidence.</summary>
    public float? Probability { get; init; }

    /// <summary>The window that decided this step; none decided what a person, the end of a pause or a graver alert brought.</summary>
    public InterpretationMessage? Evidence { get; init; }

    /// <summary>Whether the message was stored meanwhile because the broker could not be reached.</summary>
    public bool Historical { get; init; }

    /// <summary>The message for a step.</summary>
    public static AlertMessage From(Alert alert) => new()
    {
        Id = alert.Id,
        Sequence = alert.Sequence,
        Bed = alert.Bed,
        Kind = alert.Kind,
        Code = new AlertCode(alert.Code, alert.Snomed, alert.Mdc),
        Title = alert.Title,
        Detail = alert.Detail,
        Priority = alert.Priority,
        State = alert.State,
        Onset = alert.Onset,
        Time = alert.Time,
        Ended = alert.Ended,
        AcknowledgedBy = alert.AcknowledgedBy,
        PausedUntil = alert.PausedUntil,
        HeartRate = alert.Window?.HeartRate is { } rate ? Math.Round(rate, 1) : null,
        Probability = alert.Probability,
        Evidence = alert.Evidence is { } evidence ? InterpretationMessage.From(evidence, alert.Bed ?? "") : null,
    };
}
