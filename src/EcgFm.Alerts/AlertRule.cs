using System.Collections.Immutable;
using EcgFm.Core;

namespace EcgFm.Alerts;

/// <summary>When something becomes an alert, and when the alert ends: <see cref="LabelRule"/>, <see cref="RateRule"/>, <see cref="AsystoleRule"/> or <see cref="TechnicalRule"/>.</summary>
public abstract record AlertRule
{
    /// <summary>The alert's code, such as "atrial-fibrillation"; one rule of each code.</summary>
    public required string Code { get; init; }

    /// <summary>What it says to a person.</summary>
    public required string Title { get; init; }

    /// <summary>How soon somebody must respond.</summary>
    public required AlertPriority Priority { get; init; }

    /// <summary>Whether the alert stays, when the condition is over, until somebody has acknowledged it.</summary>
    public bool Latching { get; init; }

    /// <summary>How long the condition must have lasted before the alert begins.</summary>
    public TimeSpan MinimumDuration { get; init; }

    /// <summary>The least time between two steps that say only that the alert goes on.</summary>
    public TimeSpan OngoingEvery { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Codes of graver alerts about the same, patient, bed or box: as long as the condition of one of them holds, this alert does not begin, and ends if it was
    /// there. What nobody has been able to judge for 30 s (of a label: for that and the time to the next window) silences nothing. No rules silence each other.
    /// </summary>
    public ImmutableArray<string> SilencedBy { get; init; } = [];

    /// <summary>The SNOMED CT concept, where the rule names one; of a label that has one the label's counts.</summary>
    public string? Snomed { get; init; }

    /// <summary>The patient, or the equipment.</summary>
    public virtual AlertKind Kind => AlertKind.Physiological;

    /// <summary>Whether it is about the whole box and not about one bed.</summary>
    public virtual bool OfBox => false;
}
