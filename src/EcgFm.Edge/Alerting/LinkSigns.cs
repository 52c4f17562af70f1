using System.Reactive.Concurrency;
using EcgFm.Alerts;
using EcgFm.Telemetry;

namespace EcgFm.Edge.Alerting;

/// <summary>How the link, the outbox and the recordings are, in the words of the alerts.</summary>
/// <param name="rules">The rules: they know from which fill on the outbox fills.</param>
/// <param name="scheduler">The clock.</param>
internal sealed class LinkSigns(IReadOnlyList<AlertRule> rules, IScheduler scheduler)
{
    private readonly double _full = rules.OfType<TechnicalRule>().FirstOrDefault(rule => rule.Condition == TechnicalCondition.OutboxFilling)?.Share ?? 1;
    private long _discarded;

    /// <summary>The signs that a condition gives.</summary>
    /// <param name="condition">The link and the outbox.</param>
    /// <param name="recordingFault">Why a bed is not recorded; null when each that should be is.</param>
    public IEnumerable<AlertInput> Of(TelemetryCondition condition, string? recordingFault)
    {
        string[] faults = [.. new[] { condition.StorageFault, SetAside(condition), recordingFault }.OfType<string>()];
        yield return Sign(TechnicalCondition.BrokerLost, !condition.Connected, $"{condition.Queued} messages wait.");
        yield return Sign(TechnicalCondition.OutboxFilling, condition.Fill >= _full, FormattableString.Invariant($"{condition.Queued} messages take {100 * condition.Fill:0} % of their room."));
        yield return Sign(TechnicalCondition.StorageFailing, faults.Length > 0, string.Join(" ", faults));
        if (condition.Discarded <= _discarded) yield break;
        // It is over as soon as it has happened; the rule keeps the alert until somebody has seen it.
        _discarded = condition.Discarded;
        yield return new AlertInput.Sign(scheduler.Now, TechnicalCondition.AlertsDiscarded, Present: true, $"{condition.Discarded} messages since the start.");
        yield return new AlertInput.Sign(scheduler.Now, TechnicalCondition.AlertsDiscarded, Present: false, $"{condition.Discarded} messages since the start.");
    }

    private static string? SetAside(TelemetryCondition condition) => condition.SetAside is { } file ? $"The outbox was damaged and moved to {file}; what it held was not delivered." : null;

    private AlertInput.Sign Sign(TechnicalCondition condition, bool present, string? detail) => new(scheduler.Now, condition, present, present ? detail : null);
}
