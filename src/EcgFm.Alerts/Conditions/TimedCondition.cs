namespace EcgFm.Alerts.Conditions;

/// <summary>Something that must hold for a while before it counts, and be over for a while before it counts as over.</summary>
internal abstract class TimedCondition(TimeSpan startAfter, TimeSpan endAfter) : Condition
{
    private DateTimeOffset? _last, _told, _since;
    private TimeSpan _counted;

    /// <summary>Readings that tell something and lie further apart than this do not follow each other: samples were lost, or a clock was set.</summary>
    private static TimeSpan LongestGap => TimeSpan.FromSeconds(10);

    public sealed override bool IsFading => Holds && _since is not null;

    public sealed override bool Next(AlertInput input)
    {
        if (Read(input) is not var (told, evidence)) return false;
        var passed = evidence.Time - _last;
        if (passed < TimeSpan.Zero || evidence.Time - _told > LongestGap) _since = null;
        _last = evidence.Time;
        // A second that tells nothing counts for neither.
        if (told is not { } holds) return false;
        (_told, Latest) = (evidence.Time, evidence);
        if (holds == Holds)
        {
            _since = null;
            return true;
        }

        if (_since is null) (_since, _counted) = (evidence.Time, TimeSpan.Zero);
        else _counted += passed!.Value;
        if (_counted < (holds ? startAfter : endAfter)) return true;
        if (holds) Begin(_since.Value);
        else End(_since.Value);
        _since = null;
        return true;
    }

    /// <summary>What an input says: whether it holds now (null when that cannot be told), and by what it was judged; null when it says nothing of this.</summary>
    protected abstract (bool? Holds, Evidence Evidence)? Read(AlertInput input);
}
