using System.Collections.Immutable;

namespace EcgFm.Acquisition.Simulation;

/// <summary>The script laid out in time.</summary>
internal sealed class Timeline
{
    private readonly ImmutableArray<(Episode Episode, double Start, double End)> _spans;
    private readonly bool _repeats;
    private readonly double _total;

    public Timeline(RhythmScript script)
    {
        var spans = ImmutableArray.CreateBuilder<(Episode, double, double)>();
        var start = TimeSpan.Zero;
        foreach (var episode in script.Episodes)
        {
            var end = episode.Duration is { } duration ? start + duration : (TimeSpan?)null;
            spans.Add((episode, start.TotalSeconds, end?.TotalSeconds ?? double.PositiveInfinity));
            start = end ?? start;
        }

        (_spans, _repeats, _total) = (spans.ToImmutable(), script.Repeats, script.Total.TotalSeconds);
    }

    /// <summary>The episode at a time in seconds, when it began and when it ends; the last one goes on behind a script's end.</summary>
    public EpisodeSpan At(double time)
    {
        var offset = 0.0;
        var round = 0L;
        if (_repeats)
        {
            round = (long)Math.Max(0, Math.Floor(time / _total));
            offset = round * _total;

            // Rounding may have put the very start of a round into the round before.
            if (time >= offset + _total) offset = ++round * _total;
        }

        for (var i = 0; i < _spans.Length - 1; i++)
            if (time < offset + _spans[i].End)
                return new EpisodeSpan(_spans[i].Episode, offset + _spans[i].Start, offset + _spans[i].End, round * _spans.Length + i);
        var last = _spans[^1];
        return new EpisodeSpan(last.Episode, offset + last.Start, _repeats ? offset + _total : double.PositiveInfinity, round * _spans.Length + _spans.Length - 1);
    }

    /// <summary>One episode in time.</summary>
    public readonly record struct EpisodeSpan(Episode Episode, double Start, double End, long Index);
}
