using System.Numerics.Tensors;
using EcgFm.Core;

namespace EcgFm.Signal;

/// <summary>How the channels of one layout become the twelve standard leads: worked out once per layout, applied to every block.</summary>
internal sealed class LeadPlan
{
    /// <summary>
    /// The six limb leads as combinations of I and II (Einthoven 1912: II = I + III; Goldberger 1942: the augmented leads), so that any two of them give the rest.
    /// </summary>
    private static readonly (double I, double II)[] Limb = [(1, 0), (0, 1), (-1, 1), (-0.5, -0.5), (1, -0.5), (-0.5, 1)];

    /// <summary>Per lead: a weighted sum of at most two channels. No first channel: the lead is absent. No second one: a copy.</summary>
    private readonly record struct Sum(int A, float WeightA, int B = None, float WeightB = 0);

    private const int None = -1;
    private readonly Sum[] _sums = new Sum[StandardLeads.Count];
    private readonly bool _identity;

    /// <exception cref="InvalidOperationException">No channel can be taken for a lead.</exception>
    public LeadPlan(ChannelLayout layout, LeadMap? map)
    {
        Layout = layout;
        Array.Fill(_sums, new Sum(None, 0));
        if (map is null) TakeByName();
        else TakeByMap(map);
        DeriveLimbLeads();

        _identity = layout.Count == StandardLeads.Count;
        for (var lead = 0; lead < StandardLeads.Count; lead++)
        {
            _identity &= _sums[lead] == new Sum(lead, 1);
            if (_sums[lead].A == None) Absent |= 1u << lead;
        }
    }

    /// <summary>The layout that the plan is for.</summary>
    public ChannelLayout Layout { get; }

    /// <summary>Bit n is set when lead n is neither a channel nor to be derived.</summary>
    public uint Absent { get; }

    public EcgBlock Apply(EcgBlock block)
    {
        if (_identity) return block with { Channels = StandardLeads.Layout };

        var length = block.Length;
        var samples = new float[StandardLeads.Count * length];
        uint leadOff = 0;
        for (var lead = 0; lead < StandardLeads.Count; lead++)
        {
            var sum = _sums[lead];
            if (sum.A == None) continue;
            var target = samples.AsSpan(lead * length, length);
            if (sum.WeightA == 1) block.Channel(sum.A).CopyTo(target);
            else TensorPrimitives.Multiply(block.Channel(sum.A), sum.WeightA, target);
            if (sum.B != None) TensorPrimitives.MultiplyAdd(block.Channel(sum.B), sum.WeightB, target, target);
            if (IsOff(block, sum.A) || IsOff(block, sum.B)) leadOff |= 1u << lead;
        }

        return block with { Channels = StandardLeads.Layout, Samples = samples, LeadOff = leadOff, Absent = Absent };
    }

    private static bool IsOff(EcgBlock block, int channel) => channel != None && (block.LeadOff >> channel & 1) != 0;

    private void TakeByName()
    {
        for (var channel = 0; channel < Layout.Count; channel++)
            if (StandardLeads.TryParse(Layout.Names[channel], out var lead) && _sums[(int)lead].A == None)
                _sums[(int)lead] = new Sum(channel, 1);
        if (_sums.Any(sum => sum.A != None)) return;

        // One channel, whatever its name: a hand-held or chest-belt device, whose electrodes lie about as those of lead I. Two: a Holter recorder, as that of MIT-BIH has them.
        int[] unnamed = [.. Enumerable.Range(0, Layout.Count).Where(channel => Layout.Count == 1 || IsCalledEcg(Layout.Names[channel]))];
        if (unnamed.Length is not (1 or 2))
            throw new InvalidOperationException(
                $"None of the channels {Quoted(Layout.Names)} is the name of a lead. Known are {string.Join(", ", StandardLeads.Names)} "
                + "(and MLI, MLII, MLIII); a single channel of any name counts as lead I, two called ECG as II and V1. A WFDB record's names stand last in the lines of its .hea file.");
        _sums[(int)(unnamed.Length == 1 ? Lead.I : Lead.II)] = new Sum(unnamed[0], 1);
        if (unnamed.Length == 2) _sums[(int)Lead.V1] = new Sum(unnamed[1], 1);
    }

    private static bool IsCalledEcg(string name) =>
        name.Contains("ECG", StringComparison.OrdinalIgnoreCase) || name.Contains("EKG", StringComparison.OrdinalIgnoreCase);

    private void TakeByMap(LeadMap map)
    {
        foreach (var mapped in map.Channels)
            for (var channel = 0; channel < Layout.Count; channel++)
                if (LeadMap.SameName(mapped.Channel, Layout.Names[channel]) && _sums[(int)mapped.Lead].A == None)
                    _sums[(int)mapped.Lead] = new Sum(channel, mapped.Inverted ? -1 : 1);
        if (_sums.All(sum => sum.A == None))
            throw new InvalidOperationException(
                $"The lead map names the channels {Quoted(map.Channels.Select(mapped => mapped.Channel))}, but the source has {Quoted(Layout.Names)}.");
    }

    private void DeriveLimbLeads()
    {
        int[] there = [.. Enumerable.Range(0, Limb.Length).Where(lead => _sums[lead].A != None).Take(2)];
        if (there.Length < 2) return;

        var ((a1, a2), (b1, b2)) = (Limb[there[0]], Limb[there[1]]);
        var (a, b) = (_sums[there[0]], _sums[there[1]]);
        var determinant = (a1 * b2) - (a2 * b1);
        for (var lead = 0; lead < Limb.Length; lead++)
        {
            if (_sums[lead].A != None) continue;
            var (t1, t2) = Limb[lead];
            var weightA = ((t1 * b2) - (t2 * b1)) / determinant;
            var weightB = ((a1 * t2) - (a2 * t1)) / determinant;
            _sums[lead] = new Sum(a.A, (float)weightA * a.WeightA, b.A, (float)weightB * b.WeightA);
        }
    }

    private static string Quoted(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"\"{name}\""));
}
