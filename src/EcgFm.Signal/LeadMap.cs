using System.Collections.Immutable;

namespace EcgFm.Signal;

/// <summary>Which channel of a device carries which standard lead, as a device profile says it. Channels that are not named are left out.</summary>
public sealed class LeadMap
{
    /// <param name="channels">The channels. One that a source does not have leaves its lead absent.</param>
    /// <exception cref="ArgumentException">There is no channel, or a channel or a lead is named twice.</exception>
    public LeadMap(params ReadOnlySpan<MappedChannel> channels)
    {
        if (channels.IsEmpty)
            throw new ArgumentException("A lead map names at least one channel.", nameof(channels));
        for (var i = 0; i < channels.Length; i++)
            for (var j = 0; j < i; j++)
            {
                if (SameName(channels[i].Channel, channels[j].Channel))
                    throw new ArgumentException($"The lead map names channel \"{channels[i].Channel}\" twice.", nameof(channels));
                if (channels[i].Lead == channels[j].Lead)
                    throw new ArgumentException($"The lead map gives lead {Core.StandardLeads.Name(channels[i].Lead)} two channels.", nameof(channels));
            }
        Channels = [.. channels];
    }

    /// <summary>The channels that carry leads.</summary>
    public ImmutableArray<MappedChannel> Channels { get; }

    internal static bool SameName(string a, string b) => a.AsSpan().Trim().Equals(b.AsSpan().Trim(), StringComparison.OrdinalIgnoreCase);
}
