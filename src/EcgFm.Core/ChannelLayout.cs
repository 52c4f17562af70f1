using System.Collections.Immutable;

namespace EcgFm.Core;

/// <summary>The channels of a block, in the order of its samples. One instance is shared by all blocks of a stream.</summary>
public sealed class ChannelLayout
{
    /// <summary>The most channels that a block can have: one bit of <see cref="EcgBlock.LeadOff"/> for each.</summary>
    public const int MaxChannels = 32;

    /// <param name="names">The names of the channels as the device or record gives them.</param>
    /// <exception cref="ArgumentException">There is no channel, or more than <see cref="MaxChannels"/>.</exception>
    public ChannelLayout(ImmutableArray<string> names)
    {
        if (names.IsDefaultOrEmpty || names.Length > MaxChannels)
            throw new ArgumentException($"A layout has 1 to {MaxChannels} channels.", nameof(names));
        Names = names;
    }

    /// <summary>The names of the channels as the device or record gives them.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>The number of channels.</summary>
    public int Count => Names.Length;
}
