using System.Collections.Frozen;

namespace EcgFm.Acquisition.Frames;

/// <summary>The framings that this program knows. A new one is one line here and one decoder.</summary>
public static class Framings
{
    private static readonly Framing[] Known =
    [
        new("ecgfm", 32, static (_, name, log) => new FrameDecoder(name, log)) { DescribesItself = true, HasChecksum = true },
        new("openbci-cyton", 8, static (settings, name, log) => new CytonDecoder(settings.Daisy, name, log))
        {
            Options = ["daisy"],
            Inputs = static settings => settings.Daisy ? 16 : 8,
            CounterBitsOf = static settings => settings.Daisy ? 7 : 8,
        },
        new("openview", 0, static (settings, name, log) => new OpenViewDecoder(settings, name, log))
        {
            Options = ["packetType", "payloadLength", "fields"],
            Inputs = static settings => settings.Fields.Length,
        },
        new("hackeeg-jsonl", 32, static (settings, name, log) => new HackEegJsonDecoder(settings.Converters, name, log))
        {
            Options = ["converters"],
            Inputs = static settings => settings.Converters,
        },
        new("hackeeg-messagepack", 32, static (settings, name, log) => new HackEegPackDecoder(settings.Converters, name, log))
        {
            Options = ["converters"],
            Inputs = static settings => settings.Converters,
        },
        new("polar-pmd", 32, static (_, name, log) => new PmdDecoder(name, log)) { LineHasChecksum = true, Inputs = static _ => 1 },
        new("heart-rate", 0, static (_, name, _) => throw new NotSupportedException($"{name}: a heart rate sensor gives no samples.")) { DescribesItself = true, GivesEcg = false },
    ];

    /// <summary>All of them, by name.</summary>
    public static FrozenDictionary<string, Framing> All { get; } = Known.ToFrozenDictionary(framing => framing.Name, StringComparer.Ordinal);
}
