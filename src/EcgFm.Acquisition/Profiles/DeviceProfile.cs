using System.Collections.Immutable;
using EcgFm.Acquisition.Dialogues;
using EcgFm.Acquisition.Frames;
using EcgFm.Core;
using Microsoft.Extensions.Logging;

namespace EcgFm.Acquisition.Profiles;

/// <summary>What is known of a kind of device before it is connected: data, so that a board with a known framing needs no code.</summary>
/// <remarks>Files below <c>device/profiles</c> hold them; <see cref="ProfileReader"/> reads one, <see cref="ProfileCatalog"/> finds it.</remarks>
public sealed record DeviceProfile
{
    /// <summary>A device that sends the project's own frame, which says everything itself.</summary>
    public static DeviceProfile EcgFm { get; } = new() { Name = "ecgfm", Framing = new FramingSettings { Kind = "ecgfm" } };

    /// <summary>The name of the profile.</summary>
    public required string Name { get; init; }

    /// <summary>The board, for people.</summary>
    public string Title { get; init; } = "";

    /// <summary>The line that the board usually has.</summary>
    public TransportSettings Transport { get; init; } = new();

    /// <summary>How frames stand in the bytes.</summary>
    public required FramingSettings Framing { get; init; }

    /// <summary>Samples per second and channel; 0 when the frames say so themselves.</summary>
    public double SampleRate { get; init; }

    /// <summary>The channels; empty when the frames say so themselves.</summary>
    public ImmutableArray<ProfileChannel> Channels { get; init; } = [];

    /// <summary>What the device sends after a start before its samples can be trusted; it is dropped.</summary>
    public TimeSpan Settling { get; init; }

    /// <summary>How it is known that an electrode is off.</summary>
    public LeadOffSource LeadOff { get; init; }

    /// <summary>For <see cref="LeadOffSource.Rail"/>: a channel whose counts are that far from zero has no electrode.</summary>
    public int RailCounts { get; init; } = int.MaxValue;

    /// <summary>The board's lead-off test; null when it has none.</summary>
    public LeadOffTest? LeadOffTest { get; init; }

    /// <summary>Whether the lead-off test is on.</summary>
    public bool TestsLeads { get; private init; }

    /// <summary>What is said to the device before it sends samples.</summary>
    public ImmutableArray<DialogueStep> Start { get; init; } = [];

    /// <summary>What is said to the device before it is left.</summary>
    public ImmutableArray<DialogueStep> Stop { get; init; } = [];

    /// <summary>Its framing.</summary>
    /// <exception cref="NotSupportedException">Nothing is known of it.</exception>
    public Framing KnownFraming => Framings.All.TryGetValue(Framing.Kind, out var framing)
        ? framing
        : throw new NotSupportedException($"Profile {Name}: no decoder is known for the framing \"{Framing.Kind}\".");

    /// <summary>How many bits the frames' counter of sampling instants has; 0 when they carry none.</summary>
    public int CounterBits => KnownFraming.CounterBitsOf?.Invoke(Framing) ?? KnownFraming.CounterBits;

    /// <summary>Whether a counter that jumps may be damage, and is believed only when the frames behind it confirm it.</summary>
    public bool CounterMustBeConfirmed => CounterBits > 0 && KnownFraming is { HasChecksum: false, LineHasChecksum: false };

    /// <summary>Channels, rate and scale; null when the frames say so themselves.</summary>
    public StreamFormat? Format => Channels.IsEmpty
        ? null
        : new StreamFormat
        {
            Channels = new ChannelLayout([.. Channels.Select(channel => channel.Lead)]),
            SampleRate = SampleRate,
            NanovoltsPerCount = [.. Channels.Select(channel => channel.MicrovoltsPerCount * 1000)],
            ZeroCounts = Channels.Any(channel => channel.ZeroCount != 0) ? [.. Channels.Select(channel => channel.ZeroCount)] : [],
            Inputs = [.. Channels.Select(channel => channel.Input)],
            DeviceName = Title,
        };

    /// <summary>The profile with its lead-off test on.</summary>
    /// <exception cref="InvalidOperationException">The board has none.</exception>
    public DeviceProfile WithLeadOffTest() => LeadOffTest is { } test
        ? this with { TestsLeads = true, Start = [.. Start[..^1], .. test.Start, Start[^1]] }
        : throw new InvalidOperationException($"Profile {Name}: the board has no lead-off test.");

    /// <summary>A new decoder of the profile's framing.</summary>
    /// <param name="name">What the bytes come from, for the log.</param>
    /// <param name="log">Gets one line for each outage.</param>
    /// <exception cref="NotSupportedException">No decoder is known for the framing.</exception>
    public IFrameDecoder CreateDecoder(string name, ILogger? log = null) => KnownFraming.Create(Framing, name, log);

    /// <summary>What is said to the device; null when it sends by itself.</summary>
    public IDeviceDialogue? CreateDialogue() => Start.IsEmpty && Stop.IsEmpty ? null : new ScriptedDialogue(Start, Stop);
}
