using System.Collections.Immutable;

namespace EcgFm.Acquisition.Frames;

/// <summary>What a profile says of its framing; each framing reads what it knows (<see cref="Framing.Options"/>).</summary>
public sealed record FramingSettings
{
    /// <summary>The name of the framing.</summary>
    public required string Kind { get; init; }

    /// <summary>Cyton: whether a second board sends every other packet, which makes 16 channels.</summary>
    public bool Daisy { get; init; }

    /// <summary>OpenView: the type byte of the frames that carry samples.</summary>
    public int PacketType { get; init; } = 2;

    /// <summary>OpenView: the length of the payload, in bytes.</summary>
    public int PayloadLength { get; init; }

    /// <summary>OpenView: where the channels stand in the payload.</summary>
    public ImmutableArray<PayloadField> Fields { get; init; } = [];

    /// <summary>HackEEG: how many channels the converter has.</summary>
    public int Converters { get; init; } = 8;
}
