using EcgFm.Core;

namespace EcgFm.Signal.Rhythm;

/// <summary>The beats of one stream over the last thirty seconds, gathered window by window.</summary>
/// <remarks>
/// Windows may overlap: then the beats of the last second of the older window, which has seen only half of them, are taken from the newer one. Over lost
/// samples, unusable windows and pauses of more than three seconds there is no interval. A stream that begins again begins with nothing.
/// </remarks>
internal sealed class BeatHistory
{
    private const int Rate = EcgWindow.SampleRate;
    private const int Reach = 30 * Rate, Edge = Rate, Refractory = Rate / 5, LongestInterval = 3 * Rate, LongestLoss = Rate / 25;

    /// <summary>A beat at a sample since the stream began; the first one after a gap has no interval before it.</summary>
    private readonly record struct Beat(long At, float Alike, bool First);

    private readonly List<Beat> _beats = [];
    private long _lastFirst = -1, _lastEnd = -1;

    /// <summary>Takes the next window and gives the intervals that its end looks back on; none when the window is not fit for analysis.</summary>
    public BeatIntervals? Add(AssessedWindow assessed)
    {
        var window = assessed.Window;
        var (first, end) = (window.FirstSample, window.FirstSample + EcgWindow.Length);
        if (first <= _lastFirst) _beats.Clear();
        var gap = first > _lastEnd || first <= _lastFirst;
        var usable = assessed.Quality.Usable && assessed.Beats.Length >= 2;
        if (usable) Take(assessed, gap || _beats.Count == 0);
        else _beats.RemoveAll(beat => beat.At >= first);
        (_lastFirst, _lastEnd) = (first, usable ? end : -1);
        _beats.RemoveAll(beat => beat.At < end - Reach);
        return usable ? Intervals(end, assessed.PWaveRepetition) : null;
    }

    private void Take(AssessedWindow assessed, bool gap)
    {
        var window = assessed.Window;
        var from = gap ? window.FirstSample : Math.Max(window.FirstSample, _lastEnd - Edge);
        _beats.RemoveAll(beat => beat.At >= from);
        for (var i = 0; i < assessed.Beats.Length; i++)
        {
            var at = window.FirstSample + assessed.Beats[i];
            if (at < from || (_beats.Count > 0 && at - _beats[^1].At < Refractory)) continue;
            var alike = i < assessed.BeatLikeness.Length ? assessed.BeatLikeness[i] : 1;
            _beats.Add(new Beat(at, alike, gap || (i > 0 && IsLost(assessed, assessed.Beats[i - 1], assessed.Beats[i]))));
            gap = false;
        }
    }

    /// <summary>Whether more samples are lost between two beats than can hide nothing: then there may have been a beat between them.</summary>
    private static bool IsLost(AssessedWindow assessed, int from, int to)
    {
        foreach (var lead in assessed.Quality.Good)
            if (assessed.Window.Missing[(int)lead] == 0 || MissingSamples.Count(assessed.Window.Of(lead)[from..to]) <= LongestLoss)
                return false;
        return true;
    }

    private BeatIntervals Intervals(long end, float? pWaves)
    {
        var (seconds, alike, follows) = (new List<double>(_beats.Count), new List<double>(_beats.Count), new List<bool>(_beats.Count));
        var following = false;
        for (var i = 1; i < _beats.Count; i++)
        {
            var length = _beats[i].At - _beats[i - 1].At;
            if (_beats[i].First || length > LongestInterval)
            {
                following = false;
                continue;
            }

            seconds.Add((double)length / Rate);
            alike.Add(Math.Min(_beats[i].Alike, _beats[i - 1].Alike));
            follows.Add(following);
            following = true;
        }

        var span = _beats.Count == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds((double)(end - _beats[0].At) / Rate);
        return new([.. seconds], [.. alike], [.. follows], span, pWaves);
    }
}
