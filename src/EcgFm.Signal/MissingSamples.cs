using System.Numerics;
using System.Runtime.InteropServices;

namespace EcgFm.Signal;

/// <summary>Missing samples (NaN) of one lead.</summary>
public static class MissingSamples
{
    /// <summary>How many samples are missing.</summary>
    public static int Count(ReadOnlySpan<float> lead)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(lead);
        var counts = Vector<int>.Zero;
        foreach (var vector in vectors) counts += Vector.Equals(vector, vector);
        var there = -Vector.Sum(counts);
        foreach (var sample in lead[(vectors.Length * Vector<float>.Count)..])
            if (!float.IsNaN(sample))
                there++;
        return lead.Length - there;
    }

    /// <summary>
    /// Fills missing samples in place: a straight line from the sample before to the sample after the gap, the nearest sample at the ends of the lead.
    /// A lead with no sample at all becomes zero.
    /// </summary>
    public static void Fill(Span<float> lead)
    {
        var before = -1;
        for (var i = 0; i < lead.Length; i++)
        {
            if (float.IsNaN(lead[i])) continue;
            if (before < 0) lead[..i].Fill(lead[i]);
            else
                for (var gap = before + 1; gap < i; gap++)
                    lead[gap] = lead[before] + ((lead[i] - lead[before]) * (gap - before) / (i - before));
            before = i;
        }

        lead[(before + 1)..].Fill(before < 0 ? 0 : lead[before]);
    }
}
