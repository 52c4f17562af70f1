using EcgFm.Core;
using EcgFm.Model.Checkpoints;

namespace EcgFm.Model.Conversion;

/// <summary>
/// Standardised segments of made-up ECG (each beat a sum of Gaussians per lead, regular or irregular, with noise and wander), for self-tests,
/// and for calibration where no recordings are at hand. Plausible to a network, no physiology.
/// </summary>
internal static class SyntheticSegments
{
    private static readonly (double Amplitude, double Mean, double Width)[] Waves =
        [(0.12, -0.16, 0.03), (-0.1, -0.03, 0.01), (1, 0, 0.012), (-0.2, 0.03, 0.012), (0.3, 0.26, 0.06)];

    /// <summary>One segment [leads × 2500]; the same number always gives the same segment. Every sixth has no chest leads.</summary>
    public static float[] Make(int number, int leads)
    {
        var random = new Random(7919 * (number + 1));
        var result = new float[leads * NetworkArchitecture.SegmentLength];
        var irregular = number % 2 == 1;
        var beats = Beats(random, irregular);
        double noise = 0.01 + 0.06 * random.NextDouble(), wander = 0.25 * random.NextDouble();
        var present = number % 6 == 5 ? Math.Min(6, leads) : leads;
        for (var lead = 0; lead < present; lead++)
            Lead(random, beats, irregular, noise, wander, result.AsSpan(lead * NetworkArchitecture.SegmentLength, NetworkArchitecture.SegmentLength));
        return result;
    }

    private static List<double> Beats(Random random, bool irregular)
    {
        var interval = 60 / (45 + 105 * random.NextDouble());
        var beats = new List<double>();
        for (var t = -interval * random.NextDouble(); t < 5.5; t += Math.Max(0.3, interval + (irregular ? 0.18 : 0.02) * Normal(random))) beats.Add(t);
        return beats;
    }

    private static void Lead(Random random, List<double> beats, bool irregular, double noise, double wander, Span<float> lead)
    {
        double gain = (random.Next(3) == 0 ? -1 : 1) * (0.4 + 1.1 * random.NextDouble()), phase = 2 * Math.PI * random.NextDouble(), t0 = 0.7 + 0.6 * random.NextDouble();
        Span<double> samples = stackalloc double[lead.Length];
        for (var i = 0; i < samples.Length; i++)
        {
            var t = i / (double)EcgWindow.SampleRate;
            samples[i] = noise * Normal(random) + wander * Math.Sin(2 * Math.PI * 0.3 * t + phase) + (irregular ? 0.05 * Math.Sin(2 * Math.PI * 6 * t + phase) : 0);
        }

        foreach (var beat in beats)
            for (var w = irregular ? 1 : 0; w < Waves.Length; w++)
            {
                var (amplitude, mean, width) = Waves[w];
                var centre = beat + mean;
                int from = Math.Max(0, (int)((centre - 5 * width) * EcgWindow.SampleRate)), to = Math.Min(samples.Length, (int)((centre + 5 * width) * EcgWindow.SampleRate));
                for (var i = from; i < to; i++)
                {
                    var d = (i / (double)EcgWindow.SampleRate - centre) / width;
                    samples[i] += amplitude * (w == 4 ? t0 : 1) * gain * Math.Exp(-d * d);
                }
            }

        double sum = 0, squares = 0;
        foreach (var s in samples) sum += s;
        var average = sum / samples.Length;
        foreach (var s in samples) squares += (s - average) * (s - average);
        var deviation = Math.Sqrt(squares / samples.Length);
        for (var i = 0; i < samples.Length; i++) lead[i] = (float)((samples[i] - average) / deviation);
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
