using EcgFm.Core;

namespace EcgFm.Signal.Rhythm;

/// <summary>The intervals that a sensor has counted over the last thirty seconds.</summary>
/// <remarks>Over a time without contact, a message that did not come, or what is no interval between beats, there is a gap.</remarks>
internal sealed class PulseHistory
{
    private static readonly TimeSpan Reach = TimeSpan.FromSeconds(30), LongestSilence = TimeSpan.FromSeconds(3.5), Shortest = TimeSpan.FromSeconds(0.2), Longest = TimeSpan.FromSeconds(3);

    private readonly List<(DateTimeOffset Heard, double Seconds, bool Follows)> _intervals = [];
    private DateTimeOffset _last = DateTimeOffset.MinValue;
    private bool _follows;

    /// <summary>Takes what the sensor says and gives the intervals up to it.</summary>
    public BeatIntervals Add(Pulse pulse)
    {
        if (pulse.Time < _last) _intervals.Clear();
        // Once it is broken, only the next interval makes a beginning again.
        if (pulse.Contact == false || pulse.Time < _last || pulse.Time - _last > LongestSilence) _follows = false;
        if (!pulse.Intervals.IsEmpty) _last = pulse.Time;
        foreach (var interval in pulse.Intervals)
        {
            var real = pulse.Contact != false && interval >= Shortest && interval <= Longest;
            if (real) _intervals.Add((pulse.Time, interval.TotalSeconds, _follows));
            _follows = real;
        }

        _intervals.RemoveAll(interval => interval.Heard < pulse.Time - Reach);
        var span = _intervals.Count == 0 ? TimeSpan.Zero : pulse.Time - _intervals[0].Heard + TimeSpan.FromSeconds(_intervals[0].Seconds);
        // Nothing is known of their shape: all count as usual.
        return new([.. _intervals.Select(i => i.Seconds)], [.. _intervals.Select(_ => 1.0)], [.. _intervals.Select((i, at) => at > 0 && i.Follows)], span);
    }
}
