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

    /// <summary>Fills the lead-in with straight lines from the last samples to the first of these, and remembers where these end.</summary>
    /// <param name="index">The index of the first sample after the lead-in.</param>
    /// <param name="samples">Millivolts, channel after channel; the first <paramref name="leadIn"/> of each channel are written here.</param>
    /// <param name="leadIn">What <see cref="LeadIn"/> answered.</param>
    public void Fill(long index, Span<float> samples, int leadIn)
    {
        var length = samples.Length / _last.Length;
        for (var channel = 0; channel < _last.Length; channel++)
        {
            var line = samples.Slice(channel * length, length);
            if (leadIn > 0)
            {
                float from = _last[channel], step = (line[leadIn] - from) / (leadIn + 1);
                for (var i = 0; i < leadIn; i++) line[i] = from + step * (i + 1);
            }

            _last[channel] = line[^1];
        }

        _next = index + length - leadIn;
    }
}
