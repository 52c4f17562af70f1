using EcgFm.Alerts.Conditions;
using EcgFm.Core;

namespace EcgFm.Alerts;

/// <summary>The life of the alerts of one rule at one bed: from onset to clear, one at a time.</summary>
internal sealed class RuleWatch(AlertRule rule, string? bed, TimeSpan? hop)
{
    private readonly Condition _condition = Condition.Of(rule, hop);
    private bool _heard;
    private DateTimeOffset? _read;
    private TimeSpan _sinceStep, _stands;

    /// <summary>A change of the details, such as another lead that is off, is told at once, but not more often than this.</summary>
    private static TimeSpan LeastBetweenDetails => TimeSpan.FromSeconds(30);

    public AlertRule Rule => rule;

    /// <summary>Whether the condition holds, and was seen to lately: what nobody can judge any more silences no lesser alert.</summary>
    public bool Silences => Holds && _stands > TimeSpan.Zero;

    /// <summary>The alert's last step; null when there is no alert.</summary>
    public Alert? Alert
    {
        get;
        private set => (field, _sinceStep) = (value, TimeSpan.Zero);
    }

    private bool Holds => _condition.Holds;

    /// <summary>Takes an alert up again that was there before a restart.</summary>
    public void GoOn(Alert alert)
    {
        (Alert, _read) = (alert, alert.Time);
        if (alert.Ended is null) _condition.GoOn(alert.Onset);
    }

    /// <summary>Lets the condition hear an input.</summary>
    public void Hear(AlertInput input)
    {
        _heard = _condition.Next(input);
        if (input is AlertInput.Tick) _stands -= TimeSpan.FromSeconds(1);
        if (!_heard) return;
        _stands = _condition.StandsFor;
        // A clock that was set back has not made anybody wait.
        if (_condition.Latest.Time - _read is { Ticks: > 0 } passed) _sinceStep += passed;
        _read = _condition.Latest.Time;
    }

    /// <summary>The step that the input brings, once all conditions have heard it.</summary>
    /// <param name="now">The time of the input.</param>
    /// <param name="silencedBy">The code of a graver alert that silences this one.</param>
    /// <param name="pausedUntil">The bed's pause.</param>
    public Alert? Next(DateTimeOffset now, string? silencedBy, DateTimeOffset? pausedUntil)
    {
        // What is not seen now does not begin because a graver alert has left.
        var begins = Holds && _heard && silencedBy is null;
        // What a graver alert has covered does not begin on its way out.
        if (Alert is not { } alert) return begins && !_condition.IsFading ? Alert = Onset(pausedUntil) : null;

        var over = alert.Ended is not null;
        if (over) return begins ? Alert = Following(AlertState.Ongoing, pausedUntil) with { Ended = null } : null;
        if (Holds && silencedBy is not null) return Clear(now, $"{silencedBy} stands for it.");
        if (Holds) return _heard && IsDue(alert) ? Alert = Following(AlertState.Ongoing, pausedUntil) : null;
        var ended = Following(AlertState.Latched, pausedUntil) with { Ended = _condition.Ended };
        return rule.Latching && alert.AcknowledgedBy is null ? Alert = ended : Drop(ended with { State = AlertState.Cleared });
    }

    /// <summary>Somebody has seen it. One whose condition is over ends with that.</summary>
    public IEnumerable<Alert> Acknowledge(string by, DateTimeOffset now)
    {
        if (Alert is not { AcknowledgedBy: null } alert) yield break;
        Alert = alert.Then(AlertState.Acknowledged, now) with { AcknowledgedBy = by };
        yield return Alert;
        if (Alert.Ended is not null) yield return Clear(now, null);
    }

    /// <summary>The bed's pause begins or ends.</summary>
    public Alert? Pause(DateTimeOffset? until, DateTimeOffset now) => Alert is not { } alert
        ? null
        : Alert = alert.Then(until is not null ? AlertState.Paused : alert.Ended is null ? AlertState.Ongoing : AlertState.Latched, now) with { PausedUntil = until };

    private bool IsDue(Alert alert) =>
        _sinceStep >= rule.OngoingEvery || (_sinceStep >= LeastBetweenDetails && _condition.Latest.Detail is { } detail && detail != alert.Detail);

    private Alert Onset(DateTimeOffset? pausedUntil)
    {
        var latest = _condition.Latest;
        return new Alert
        {
            Id = Guid.CreateVersion7(latest.Time),
            Sequence = 1,
            Bed = bed,
            Kind = rule.Kind,
            Code = rule.Code,
            Snomed = latest.Label?.Snomed ?? rule.Snomed,
            Mdc = latest.Label?.Mdc,
            Title = rule.Title,
            Detail = latest.Detail,
            Priority = rule.Priority,
            State = AlertState.Onset,
            Onset = _condition.Onset,
            Time = latest.Time,
            PausedUntil = pausedUntil,
            Probability = latest.Probability,
            Window = latest.Window,
            Evidence = latest.Interpretation,
        };
    }

    /// <summary>The next step, that the condition's evidence brings.</summary>
    private Alert Following(AlertState state, DateTimeOffset? pausedUntil)
    {
        var latest = _condition.Latest;
        return Alert!.Then(state, latest.Time) with
        {
            Detail = latest.Detail ?? Alert!.Detail,
            PausedUntil = pausedUntil,
            Probability = latest.Probability,
            Window = latest.Window,
            Evidence = latest.Interpretation,
        };
    }

    private Alert Clear(DateTimeOffset now, string? detail) =>
        Drop(Alert!.Then(AlertState.Cleared, now) with { Ended = Alert!.Ended ?? now, Detail = detail ?? Alert.Detail });

    private Alert Drop(Alert cleared)
    {
        Alert = null;
        return cleared;
    }
}
