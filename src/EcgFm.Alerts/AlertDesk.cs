using System.Collections.Immutable;
using EcgFm.Core;

namespace EcgFm.Alerts;

/// <summary>All alerts of one bed, or of the box: rules, commands, pause, and what must survive a restart.</summary>
internal sealed class AlertDesk
{
    private readonly AlertOptions _options;
    private readonly ImmutableArray<RuleWatch> _watches;
    private ImmutableArray<Alert> _orphans;
    private DateTimeOffset? _pausedUntil, _lastTick;
    private TimeSpan? _pauseLeft;

    public AlertDesk(AlertOptions options)
    {
        _options = options;
        _watches = [.. options.Rules.Where(rule => rule.OfBox == options.Bed is null).Select(rule => new RuleWatch(rule, options.Bed, options.Hop))];
        var memory = AlertMemory.From(options.State);
        _pausedUntil = memory.PausedUntil;
        _orphans = [.. memory.Alerts.Where(alert => !_watches.Any(watch => watch.Rule.Code == alert.Code))];
        foreach (var watch in _watches)
            if (memory.Alerts.FirstOrDefault(alert => alert.Code == watch.Rule.Code) is { } alert)
                watch.GoOn(alert);
    }

    /// <summary>Takes the next input; returns what it brings, if anything.</summary>
    public AlertUpdate? Next(AlertInput input)
    {
        var (steps, paused) = (new List<Alert>(), _pausedUntil);
        foreach (var orphan in _orphans) steps.Add(Clear(orphan, input.Time));
        _orphans = [];
        if (input is AlertInput.Asked asked) asked.Answer(Obey(asked, steps));
        if (input is AlertInput.Tick) CountPause(input.Time, steps);

        foreach (var watch in _watches) watch.Hear(input);
        foreach (var watch in _watches)
            if (watch.Next(input.Time, SilencerOf(watch), _pausedUntil) is { } step)
                steps.Add(step);
        if (steps.Count == 0 && paused == _pausedUntil) return null;
        return new(_options.Bed, [.. steps], _pausedUntil, new AlertMemory([.. Active.Select(watch => watch.Alert!)], _pausedUntil).ToBytes());
    }

    private IEnumerable<RuleWatch> Active => _watches.Where(watch => watch.Alert is not null);

    private static Alert Clear(Alert orphan, DateTimeOffset time) => orphan.Then(AlertState.Cleared, time) with
    {
        Ended = orphan.Ended ?? time,
        PausedUntil = null,
        Detail = "No rule watches for it any more.",
    };

    private string? SilencerOf(RuleWatch watch) =>
        watch.Rule.SilencedBy.FirstOrDefault(code => _watches.Any(other => other.Silences && other.Rule.Code == code));

    private CommandAnswer Obey(AlertInput.Asked asked, List<Alert> steps)
    {
        switch (asked.Command)
        {
            case AlertCommand.Acknowledge acknowledge:
                if (Active.FirstOrDefault(watch => watch.Alert!.Id == acknowledge.Alert) is not { } seen)
                    return CommandAnswer.Refused($"no alert {acknowledge.Alert} is active here; the active ones stand in the retained list");
                steps.AddRange(seen.Acknowledge(acknowledge.By, asked.Time));
                return CommandAnswer.Done;
            case AlertCommand.Pause when _options.Bed is null:
                return CommandAnswer.Refused("alerts about the box cannot be paused; acknowledge them");
            case AlertCommand.Pause pause when pause.Duration <= TimeSpan.Zero || pause.Duration > _options.LongestPause:
                return CommandAnswer.Refused(FormattableString.Invariant($"a pause of {pause.Duration.TotalSeconds:0} s is not allowed; allowed is up to {_options.LongestPause.TotalSeconds:0} s"));
            case AlertCommand.Pause pause:
                Pause(asked.Time + pause.Duration, asked.Time, steps);
                _pauseLeft = pause.Duration;
                return CommandAnswer.Done;
            case AlertCommand.Resume when _pausedUntil is null:
                return CommandAnswer.Refused("the alerts are not paused");
            case AlertCommand.Resume:
                Pause(null, asked.Time, steps);
                return CommandAnswer.Done;
            default:
                return CommandAnswer.Refused("the alerts know no such command");
        }
    }

    private void Pause(DateTimeOffset? until, DateTimeOffset now, List<Alert> steps)
    {
        _pausedUntil = until;
        steps.AddRange(_watches.Select(watch => watch.Pause(until, now)).OfType<Alert>());
    }

    /// <summary>A pause ends by itself: at its time, or when so many seconds have passed although the clock was set back.</summary>
    private void CountPause(DateTimeOffset now, List<Alert> steps)
    {
        var passed = now - (_lastTick ?? now);
        _lastTick = now;
        if (_pausedUntil is not { } until) return;
        _pauseLeft ??= until - now < _options.LongestPause ? until - now : _options.LongestPause;
        if (passed > TimeSpan.Zero) _pauseLeft -= passed;
        if (now < until && _pauseLeft > TimeSpan.Zero) return;
        Pause(null, now, steps);
        _pauseLeft = null;
    }
}
