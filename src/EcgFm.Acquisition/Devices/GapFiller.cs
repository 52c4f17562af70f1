namespace EcgFm.Acquisition.Devices;

/// <summary>Bridges short gaps by straight lines and leaves long ones open.</summary>
/// <remarks>
/// A short gap becomes the beginning of the block that follows it, and is counted in <see cref="Core.EcgBlock.Interpolated"/>. A long one has no samples at all:
/// the next block's <see cref="Core.EcgBlock.FirstSample"/> jumps.
/// </remarks>
public sealed class GapFiller
{
    private readonly long _longest;
    private readonly float[] _last;
    private long _next = -1;

    /// <param name="channels">The number of channels.</param>
    /// <param name="sampleRate">Samples per second and channel.</param>
    /// <param name="longest">The longest gap that is bridged.</param>
    public GapFiller(int channels, double sampleRate, TimeSpan longest)
    {
        _longest = (long)Math.Floor(longest.TotalSeconds * sampleRate + 1e-9);
        _last = new float[channels];
    }

    /// <summary>Sampling instants that were bridged.</summary>
    public long Interpolated { get; private set; }

    /// <summary>Sampling instants that were left open.</summary>
    public long Missing { get; private set; }

    /// <summary>How many instants to put before samples that begin at an index; counts the gap.</summary>
    /// <param name="index">The index of the first sample; never before the end of the last ones.</param>
    /// <param name="certain">Whether the length of the gap is known from a counter: a guessed gap is not bridged.</param>
    public int LeadIn(long index, bool certain = true)
    {
        var gap = _next < 0 ? 0 : index - _next;
        ArgumentOutOfRangeException.ThrowIfNegative(gap);
        if (certain && gap <= _longest)
        {
            Interpolated += gap;
            return (int)gap;
        }

        Missing += gap;
        return 0;
    }

    /// <summary>Fills the lead-in of one channel with a straight line from its last sample to the first of these, and remembers where these end.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="line">Its millivolts; the first <paramref name="leadIn"/> are written here.</param>
    /// <param name="leadIn">What <see cref="LeadIn"/> answered.</param>
    public void Bridge(int channel, Span<float> line, int leadIn)
    {
        if (leadIn > 0)
        {
            float from = _last[channel], step = (line[leadIn] - from) / (leadIn + 1);
            for (var i = 0; i < leadIn; i++) line[i] = from + step * (i + 1);
        }

        _last[channel] = line[^1];
    }

    /// <summary>Remembers the index after the samples that were bridged to.</summary>
    public void Advance(long next) => _next = next;

    /// <summary>Counts a gap that was found when its samples were already placed: they have moved by its length.</summary>
    public void Skip(long instants)
    {
        Missing += instants;
        _next += instants;
    }
}
