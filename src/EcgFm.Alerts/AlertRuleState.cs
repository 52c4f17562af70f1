using EcgFm.Core;

namespace EcgFm.Alerts;

/// <summary>Follows one rule through the windows of one bed: normal → active → normal.</summary>
internal sealed class AlertRuleState(AlertRule rule, string bed)
{
    private readonly Queue<DateTimeOffset> _starts = new();
    private RecentWindows _for = new(rule.StartWindows);
    private RecentWindows _against = new(rule.EndWindows);
    private EcgWindow? _last;
    private Alert? _active;

    /// <summary>Windows further apart than this do not follow each other.</summary>
    private static TimeSpan LongestGap => TimeSpan.FromMinutes(2);

    /// <summary>Takes the next interpretation and returns the step that it brings, if any.</summary>
    public Alert? Next(Interpretation interpretation)
    {
        if (!interpretation.Input.Quality.Usable || RuleProbability.Of(rule, interpretation) is not var (label, probability)) return null;
        var window = interpretation.Input.Window;
        // A count is a stretch of samples: the same ones do not count twice, whatever the hop. A stream that began again counts from zero.
        if (_last is not null && window.Index > _last.Index && window.FirstSample < _last.FirstSample + EcgWindow.Length) return null;
        if (_last is not null && window.Start - _last.End > LongestGap) Forget();
        _last = window;
        return _active is null ? TryStart(interpretation, label, probability) : TryEnd(interpretation, label, probability);
    }

    private void Forget()
    {
        _for.Clear();
        _against.Clear();
        _starts.Clear();
    }

    private Alert? TryStart(Interpretation interpretation, Label label, float probability)
    {
        _starts.Enqueue(interpretation.Input.Window.Start);
        if (_starts.Count > rule.StartWindows) _starts.Dequeue();
        _for.Add(probability >= StartThreshold(label));
        if (_for.Count < rule.StartCount) return null;

        var onset = _starts.ElementAt(_starts.Count - 1 - _for.OldestAge);
        Forget();
        return _active = new Alert
        {
            Id = Guid.CreateVersion7(interpretation.Input.Window.End),
            Sequence = 1,
            Bed = bed,
            Kind = AlertKind.Physiological,
            Code = rule.Code,
            Title = rule.Title,
            Priority = rule.Priority,
            State = AlertState.Onset,
            Onset = onset,
            Time = interpretation.Input.Window.End,
            Snomed = label.Snomed,
            Mdc = label.Mdc,
            Window = interpretation.Input,
            Probability = probability,
            Evidence = interpretation,
        };
    }

    private Alert? TryEnd(Interpretation interpretation, Label label, float probability)
    {
        _against.Add(probability < (rule.EndThreshold ?? 0.7 * StartThreshold(label)));
        if (_against.Count < rule.EndCount) return null;

        _against.Clear();
        var cleared = _active! with
        {
            Sequence = _active.Sequence + 1,
            State = AlertState.Cleared,
            Time = interpretation.Input.Window.End,
            Ended = interpretation.Input.Window.End,
            Window = interpretation.Input,
            Probability = probability,
            Evidence = interpretation,
        };
        _active = null;
        return cleared;
    }

    private double StartThreshold(Label label) => rule.StartThreshold ?? label.Threshold;
}
