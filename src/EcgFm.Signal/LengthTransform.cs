using System.Buffers;
using System.Numerics.Tensors;
using EcgFm.Core;

namespace EcgFm.Signal;

/// <summary>A second detector of beats, of one lead, that sees them another way: where the curve is long.</summary>
/// <remarks>
/// After Zong, Moody and Jiang (Comput Cardiol 2003; 30:737): low-pass, length of the curve over 130 ms, threshold. Beats that it finds where <see cref="BeatDetector"/>
/// does are beats; where the two differ much, it is noise: bSQI of Li, Mark and Clifford (Physiol Meas 2008; 29:15).
/// </remarks>
internal static class LengthTransform
{
    private const int Length = EcgWindow.Length, Rate = EcgWindow.SampleRate;
    private const int Smooth = Rate * 30 / 1000, Width = Rate * 130 / 1000, Apart = Rate / 4, Match = Rate * 150 / 1000, Greatest = 8;
    private const float Threshold = 0.35f;

    /// <summary>The share of all beats, of both detectors, that both found within 150 ms of each other.</summary>
    /// <param name="lead">Ten seconds.</param>
    /// <param name="beats">What the other detector found.</param>
    public static double Agreement(ReadOnlySpan<float> lead, ReadOnlySpan<int> beats)
    {
        var others = Detect(lead);
        var (matched, i, k) = (0, 0, 0);
        while (i < beats.Length && k < others.Count)
        {
            if (Math.Abs(beats[i] - others[k]) <= Match) (matched, i, k) = (matched + 1, i + 1, k + 1);
            else if (beats[i] < others[k]) i++;
            else k++;
        }

        var all = beats.Length + others.Count - matched;
        return all == 0 ? 0 : (double)matched / all;
    }

    /// <summary>The beats, as sample indices, ascending.</summary>
    public static List<int> Detect(ReadOnlySpan<float> lead)
    {
        var rented = ArrayPool<float>.Shared.Rent(2 * Length);
        try
        {
            var a = rented.AsSpan(0, Length);
            var b = rented.AsSpan(Length, Length);
            lead.CopyTo(a);
            MissingSamples.Fill(a);
            Mean(a, b, Smooth);
            Mean(b, a, Smooth);
            b[0] = 0;
            TensorPrimitives.Subtract(a[1..], a[..^1], b[1..]);
            TensorPrimitives.Abs(b, b);
            Mean(b, a, Width);
            return Peaks(a, b);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rented);
        }
    }

    /// <summary>The mean of the samples around each; at the ends of those that there are.</summary>
    private static void Mean(ReadOnlySpan<float> from, Span<float> to, int width)
    {
        var half = width / 2;
        var sum = 0.0;
        for (var i = -half; i < Length; i++)
        {
            if (i + half < Length) sum += from[i + half];
            if (i > half) sum -= from[i - half - 1];
            if (i >= 0) to[i] = (float)(sum / (Math.Min(i + half, Length - 1) - Math.Max(i - half, 0) + 1));
        }
    }

    private static List<int> Peaks(ReadOnlySpan<float> length, Span<float> sorted)
    {
        var peaks = new List<int>(32);
        for (var i = 1; i < Length - 1; i++)
        {
            if (length[i] <= length[i - 1] || length[i] < length[i + 1]) continue;
            if (peaks.Count > 0 && i - peaks[^1] < Apart)
            {
                if (length[i] <= length[peaks[^1]]) continue;
                peaks.RemoveAt(peaks.Count - 1);
            }

            peaks.Add(i);
        }

        if (peaks.Count == 0) return peaks;
        length.CopyTo(sorted);
        sorted.Sort();
        var between = sorted[Length / 2];
        Span<float> heights = stackalloc float[peaks.Count];
        for (var i = 0; i < heights.Length; i++) heights[i] = length[peaks[i]];
        heights.Sort();
        var beat = heights[^Math.Min(Greatest, heights.Length)..];
        var least = between + (Threshold * (beat[beat.Length / 2] - between));
        var kept = new List<int>(peaks.Count);
        foreach (var at in peaks)
            if (length[at] > least)
                kept.Add(at);
        return kept;
    }
}
