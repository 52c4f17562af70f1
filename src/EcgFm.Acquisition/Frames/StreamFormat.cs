using System.Collections.Immutable;
using EcgFm.Core;

namespace EcgFm.Acquisition.Frames;

/// <summary>What a receiver must know to turn a device's numbers into millivolts and times.</summary>
/// <remarks>The project's own frame carries it. For a board whose frames do not, it is data of the device profile.</remarks>
public sealed record StreamFormat
{
    /// <summary>The channels.</summary>
    public required ChannelLayout Channels { get; init; }

    /// <summary>Samples per second and channel, as the device counts them.</summary>
    public required double SampleRate { get; init; }

    /// <summary>Nanovolts that one count of each channel stands for.</summary>
    public required ImmutableArray<double> NanovoltsPerCount { get; init; }

    /// <summary>Counts that stand for zero volts, one for each channel; empty when zero does.</summary>
    public ImmutableArray<double> ZeroCounts { get; init; } = [];

    /// <summary>Which of the frame's channels each channel is, from zero; empty when they are all of them, in order.</summary>
    public ImmutableArray<int> Inputs { get; init; } = [];

    /// <summary>The number of the device, which its maker or owner chose.</summary>
    public ushort DeviceId { get; init; }

    /// <summary>A number that the device changes at every start and at every change of its settings.</summary>
    public ushort StreamId { get; init; }

    /// <summary>What the device calls itself, perhaps with its firmware's version; can be empty.</summary>
    public string DeviceName { get; init; } = "";

    /// <summary>Whether samples of both mean the same: equal rate, scale and channel names.</summary>
    public bool MeasuresAs(StreamFormat other) =>
        SampleRate == other.SampleRate
        && Channels.Names.SequenceEqual(other.Channels.Names, StringComparer.Ordinal)
        && NanovoltsPerCount.SequenceEqual(other.NanovoltsPerCount);
}
