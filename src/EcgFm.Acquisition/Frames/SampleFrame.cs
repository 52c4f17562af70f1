namespace EcgFm.Acquisition.Frames;

/// <summary>The samples of one frame, as the device counts them. Lives only during the call that hands it over.</summary>
public readonly ref struct SampleFrame
{
    /// <summary>
    /// The device's counter of sampling instants at the first instant of this frame, in as many bits as its framing has. Where frames carry none, the decoder
    /// counts the instants that came and those whose damaged bytes it has seen.
    /// </summary>
    public required uint Counter { get; init; }

    /// <summary>The device's own clock at the first instant, in microseconds modulo 2³²; null where its frames have none.</summary>
    public uint? DeviceMicroseconds { get; init; }

    /// <summary>Bit n is set when the electrode of channel n is off.</summary>
    public uint LeadOff { get; init; }

    /// <summary>The number of channels.</summary>
    public required int Channels { get; init; }

    /// <summary>Counts, instant after instant: [<see cref="Instants"/> × <see cref="Channels"/>].</summary>
    public required ReadOnlySpan<int> Values { get; init; }

    /// <summary>The number of sampling instants.</summary>
    public int Instants => Values.Length / Channels;
}
