using System.Collections.Immutable;

namespace EcgFm.Core;

/// <summary>Names and order of the twelve standard leads.</summary>
public static class StandardLeads
{
    /// <summary>The number of standard leads.</summary>
    public const int Count = 12;

    /// <summary>The usual spelling of each lead, in ECG-FM's order: I II III aVR aVL aVF V1…V6.</summary>
    public static ImmutableArray<string> Names { get; } =
        ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"];

    /// <summary>The channel layout of a block that has been brought to the twelve standard leads.</summary>
    public static ChannelLayout Layout { get; } = new([.. Names]);

    /// <summary>The usual spelling of the lead.</summary>
    public static string Name(Lead lead) => Names[(int)lead];

    /// <summary>
    /// Recognises a lead by any spelling found in public recordings: case is ignored, a modified limb lead
    /// (<c>MLI</c>, <c>MLII</c>, <c>MLIII</c>) counts as the limb lead it stands for, and <c>ECG</c> alone is no lead.
    /// </summary>
    public static bool TryParse(string? name, out Lead lead)
    {
        var text = name?.Trim().ToUpperInvariant() ?? "";
        if (text.StartsWith("ML", StringComparison.Ordinal)) text = text[2..];
        for (var i = 0; i < Count; i++)
        {
            if (!string.Equals(text, Names[i], StringComparison.OrdinalIgnoreCase)) continue;
            lead = (Lead)i;
            return true;
        }

        lead = default;
        return false;
    }
}
