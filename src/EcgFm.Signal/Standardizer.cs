using System.Numerics;
using System.Runtime.InteropServices;

namespace EcgFm.Signal;

/// <summary>Standardises one lead as ECG-FM's authors do: minus the mean, over the population standard deviation (ddof 0).</summary>
public static class Standardizer
{
    /// <summary>
    /// Writes (x − mean) / standard deviation. Mean and deviation are of the samples that are there, summed in double precision; a missing sample (NaN)
    /// becomes zero, and so does a lead that is constant.
    /// </summary>
    /// <param name="lead">The samples of one lead, in any unit.</param>
    /// <param name="result">As many samples, without unit; may be the same memory.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Standardize(ReadOnlySpan<float> lead, Span<float> result)
    {
        if (lead.Length != result.Length) throw new ArgumentException("The result must be as long as the lead.", nameof(result));
        var count = lead.Length - MissingSamples.Count(lead);
        var mean = count == 0 ? 0 : Sum(lead) / count;
        var deviation = count == 0 ? 0 : Math.Sqrt(SumOfSquares(lead, mean) / count);
        if (deviation == 0)
        {
            result.Clear();
            return;
        }

        for (var i = 0; i < lead.Length; i++)
            result[i] = float.IsNaN(lead[i]) ? 0 : (float)((lead[i] - mean) / deviation);
    }

    private static double Sum(ReadOnlySpan<float> lead)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(lead);
        var (low, high) = (Vector<double>.Zero, Vector<double>.Zero);
        foreach (var vector in vectors)
        {
            Vector.Widen(Vector.ConditionalSelect(Vector.Equals(vector, vector), vector, Vector<float>.Zero), out var a, out var b);
            low += a;
            high += b;
        }

        var sum = Vector.Sum(low + high);
        foreach (var sample in lead[(vectors.Length * Vector<float>.Count)..])
            if (!float.IsNaN(sample))
                sum += sample;
        return sum;
    }

    private static double SumOfSquares(ReadOnlySpan<float> lead, double mean)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(lead);
        var (low, high, centre) = (Vector<double>.Zero, Vector<double>.Zero, new Vector<double>(mean));
        foreach (var vector in vectors)
        {
            Vector.Widen(vector, out var a, out var b);
            low += Square(a - centre);
            high += Square(b - centre);
        }

        var sum = Vector.Sum(low + high);
        foreach (var sample in lead[(vectors.Length * Vector<float>.Count)..])
            if (!float.IsNaN(sample))
                sum += (sample - mean) * (sample - mean);
        return sum;
    }

    private static Vector<double> Square(Vector<double> difference) =>
        Vector.ConditionalSelect(Vector.Equals(difference, difference), difference * difference, Vector<double>.Zero);
}
