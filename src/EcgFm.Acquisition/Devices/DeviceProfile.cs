using EcgFm.Acquisition.Frames;
using Microsoft.Extensions.Logging;

namespace EcgFm.Acquisition.Devices;

/// <summary>What is known of a kind of device before it is connected: data, so that a board with a known framing needs no code.</summary>
public sealed record DeviceProfile
{
    /// <summary>A device that sends the project's own frame, which says everything itself.</summary>
    public static DeviceProfile EcgFm { get; } = new() { Name = "ecgfm", Framing = "ecgfm" };

    /// <summary>The name of the profile.</summary>
    public required string Name { get; init; }

    /// <summary>How frames stand in the bytes: "ecgfm" is the project's own frame.</summary>
    public required string Framing { get; init; }

    /// <summary>How many bits the frames' counter of sampling instants has, 1 to 32.</summary>
    public int CounterBits { get; init; } = 32;

    /// <summary>Channels, rate and scale; null when the frames say so themselves.</summary>
    public StreamFormat? Format { get; init; }

    /// <summary>A new decoder of the profile's framing.</summary>
    /// <param name="name">What the bytes come from, for the log.</param>
    /// <param name="log">Gets one line for each outage.</param>
    /// <exception cref="NotSupportedException">No decoder is known for the framing.</exception>
    public IFrameDecoder CreateDecoder(string name, ILogger? log = null) => Framing switch
    {
        "ecgfm" => new FrameDecoder(name, log),
        "polar-pmd" => new PmdDecoder(Format!, name, log),
        _ => throw new NotSupportedException($"Profile {Name}: no decoder is known for the framing \"{Framing}\"."),
    };
}
