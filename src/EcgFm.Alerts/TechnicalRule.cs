using EcgFm.Core;

namespace EcgFm.Alerts;

/// <summary>When something about the equipment becomes an alert. It says nothing of the patient, and ends no alert about the patient.</summary>
public sealed record TechnicalRule : AlertRule
{
    /// <summary>What it watches.</summary>
    public required TechnicalCondition Condition { get; init; }

    /// <summary>How long it must be over before the alert ends.</summary>
    public TimeSpan EndAfter { get; init; }

    /// <summary>The share, 0 to 1, from which the condition holds: of missing samples (data lost), or of the outbox (outbox filling); null for the others.</summary>
    public double? Share { get; init; }

    /// <inheritdoc/>
    public override AlertKind Kind => AlertKind.Technical;

    /// <inheritdoc/>
    public override bool OfBox => Condition >= TechnicalCondition.NetworkUnusable;
}
