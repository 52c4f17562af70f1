using EcgFm.Core;

namespace EcgFm.Alerts.Conditions;

/// <summary>Follows a label of the network: k of the last n windows.</summary>
internal sealed class LabelCondition(LabelRule rule, TimeSpan hop) : Condition
{
    private readonly Queue<(DateTimeOffset Start, long At)> _starts = new();
    private RecentWindows _for = new(rule.StartWindows);
    private RecentWindows _against = new(rule.EndWindows);
    private EcgWindow? _last;
    private (DateTimeOffset Start, long At)? _since;

    /// <summary>Samples from the first window to this one: whatever the clock says.</summary>
    private long _at;

    /// <summary>Windows further apart than this do not follow each other; one that is missing is no gap, however seldom they come.</summary>
    private TimeSpan LongestGap { get; } = TimeSpan.FromSeconds(Math.Max(120, 2 * hop.TotalSeconds));

    public override TimeSpan StandsFor => hop + base.StandsFor;

    public override bool IsFading => Holds && _against.Count > 0;

    public override bool Next(AlertInput input)
    {
        if (input is not AlertInput.Interpreted { Result: var result } || !result.Input.Quality.Usable) return false;
        if (RuleProbability.Of(rule, result) is not var (label, probability)) return Rest(result);
        var window = result.Input.Window;
        // A count is a stretch of samples: the same ones do not count twice, whatever the hop. A stream that began again counts from zero.
        if (_last is not null && window.Index > _last.Index && window.FirstSample < _last.FirstSample + EcgWindow.Length) return false;
        if (_last is not null && window.Start - _last.End > LongestGap) Forget();
        if (_last is not null) _at += Math.Max(0, window.FirstSample - _last.FirstSample);
        _last = window;
        Latest = new(window.End) { Window = result.Input, Interpretation = result, Label = label, Probability = probability };
        var threshold = rule.StartThreshold ?? label.Threshold;
        if (Holds) TryEnd(window, probability < (rule.EndThreshold ?? 0.7 * threshold));
        else TryStart(window, probability >= threshold);
        return true;
    }

    /// <summary>The network does not have the label. What another network has found must not stand for ever.</summary>
    private bool Rest(Interpretation result)
    {
        if (!Holds) return false;
        Latest = new(result.Input.Window.End) { Window = result.Input, Detail = $"The network in use does not have the label {rule.Label}." };
        End(Latest.Time);
        return true;
    }

    private void TryStart(EcgWindow window, bool counts)
    {
        _starts.Enqueue((window.Start, _at));
        if (_starts.Count > rule.StartWindows) _starts.Dequeue();
        _for.Add(counts);
        if (_for.Count < rule.StartCount)
        {
            _since = null;
            return;
        }

        _since ??= _starts.ElementAt(_starts.Count - 1 - _for.OldestAge);
        if (_at + EcgWindow.Length - _since.Value.At < rule.MinimumDuration.TotalSeconds * EcgWindow.SampleRate) return;
        Begin(_since.Value.Start);
        Forget();
    }

    /// <summary>As the onset is that of the first window that counted, so the end is that of the first that counted against it.</summary>
    private void TryEnd(EcgWindow window, bool counts)
    {
        _starts.Enqueue((window.Start, _at));
        if (_starts.Count > rule.EndWindows) _starts.Dequeue();
        _against.Add(counts);
        if (_against.Count < rule.EndCount) return;
        End(_starts.ElementAt(_starts.Count - 1 - _against.OldestAge).Start);
        Forget();
    }

    private void Forget()
    {
        _for.Clear();
        _against.Clear();
        _starts.Clear();
        _since = null;
    }
}
