using Microsoft.Extensions.Logging;

namespace EcgFm.Acquisition.Frames;

/// <summary>A way in which frames stand in bytes, as profiles name it.</summary>
/// <param name="Name">The name that profiles use.</param>
/// <param name="CounterBits">How many bits its counter of sampling instants has, 1 to 32; 0 when its frames carry none.</param>
/// <param name="Create">Makes a decoder from the profile's settings, the name of the line for the log, and the log.</param>
public sealed record Framing(string Name, int CounterBits, Func<FramingSettings, string, ILogger?, IFrameDecoder> Create)
{
    /// <summary>Whether its frames say themselves which channels they carry, how fast and in which scale.</summary>
    public bool DescribesItself { get; init; }

    /// <summary>Whether it carries ECG; a sensor that counts beats itself is no source of samples.</summary>
    public bool GivesEcg { get; init; } = true;

    /// <summary>Whether every frame carries a checksum, and what is damaged is never taken for a frame.</summary>
    public bool HasChecksum { get; init; }

    /// <summary>
    /// Whether the line that its frames always come over checks them, as Bluetooth does, though they carry no checksum themselves. A
    /// recording of the bytes has check values of its own.
    /// </summary>
    public bool LineHasChecksum { get; init; }

    /// <summary>The keys that <c>framing</c> of a profile may have beside <c>kind</c>.</summary>
    public IReadOnlyCollection<string> Options { get; init; } = [];

    /// <summary>How many channels its frames have, 0 when that is open.</summary>
    public Func<FramingSettings, int> Inputs { get; init; } = static _ => 0;

    /// <summary>The bits of the counter with these settings, where they depend on them.</summary>
    public Func<FramingSettings, int>? CounterBitsOf { get; init; }
}
