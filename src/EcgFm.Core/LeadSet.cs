using System.Collections;
using System.Numerics;

namespace EcgFm.Core;

/// <summary>A set of the twelve standard leads, one bit each.</summary>
/// <param name="Bits">Bit n stands for the lead numbered n.</param>
public readonly record struct LeadSet(ushort Bits) : IEnumerable<Lead>
{
    /// <summary>No lead.</summary>
    public static LeadSet None => default;

    /// <summary>All twelve leads.</summary>
    public static LeadSet All => new(0xFFF);

    /// <summary>The number of leads in the set.</summary>
    public int Count => BitOperations.PopCount(Bits);

    /// <summary>The leads that are not in this set.</summary>
    public LeadSet Complement => new((ushort)(~Bits & All.Bits));

    /// <summary>Whether the lead is in the set.</summary>
    public bool Contains(Lead lead) => (Bits >> (int)lead & 1) != 0;

    /// <summary>The set with one lead more.</summary>
    public LeadSet With(Lead lead) => new((ushort)(Bits | 1 << (int)lead));

    /// <summary>The leads in either set.</summary>
    public LeadSet Union(LeadSet other) => new((ushort)(Bits | other.Bits));

    /// <summary>The leads in both sets.</summary>
    public LeadSet Intersect(LeadSet other) => new((ushort)(Bits & other.Bits));

    /// <summary>The set of the given leads.</summary>
    public static LeadSet Of(params ReadOnlySpan<Lead> leads)
    {
        var set = None;
        foreach (var lead in leads) set = set.With(lead);
        return set;
    }

    /// <inheritdoc/>
    public IEnumerator<Lead> GetEnumerator()
    {
        for (var lead = Lead.I; lead <= Lead.V6; lead++)
            if (Contains(lead))
                yield return lead;
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The names of the leads, separated by blanks; "none" for the empty set.</summary>
    public override string ToString() => Bits == 0 ? "none" : string.Join(' ', this.Select(StandardLeads.Name));
}
