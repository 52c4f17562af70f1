namespace EcgFm.Core;

/// <summary>A run of consecutive samples as a device sent them, usually 20 to 100 ms.</summary>
/// <remarks>
/// Sample time comes from <see cref="FirstSample"/> and <see cref="SampleRate"/>; <see cref="Start"/> anchors it to the host clock.
/// A sample that was lost is <see cref="float.NaN"/>: missing is never written as zero.
/// </remarks>
public sealed record EcgBlock
{
    /// <summary>The channels, in the order of <see cref="Samples"/>.</summary>
    public required ChannelLayout Channels { get; init; }

    /// <summary>Samples per second and channel.</summary>
    public required double SampleRate { get; init; }

    /// <summary>The index of the first sample since the stream began; lost samples count.</summary>
    public required long FirstSample { get; init; }

    /// <summary>The time of the first sample.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>Millivolts, channel after channel: [<see cref="ChannelLayout.Count"/> × <see cref="Length"/>]; NaN where a sample is missing.</summary>
    public required float[] Samples { get; init; }

    /// <summary>Bit n is set when the electrode of channel n is off.</summary>
    public uint LeadOff { get; init; }

    /// <summary>Bit n is set when the source has no channel n at all (its samples are zero). Only a block of standard leads can have such channels.</summary>
    public uint Absent { get; init; }

    /// <summary>How many sampling instants, the first of a device's block, were filled by interpolation over a short gap.</summary>
    public int Interpolated { get; init; }

    /// <summary>Samples per channel.</summary>
    public int Length => Samples.Length / Channels.Count;

    /// <summary>The samples of one channel, in millivolts.</summary>
    public ReadOnlySpan<float> Channel(int channel) => Samples.AsSpan(channel * Length, Length);
}
