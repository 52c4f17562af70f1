using EcgFm.Acquisition.Simulation;
using EcgFm.Acquisition.Wfdb;
using EcgFm.Core;

namespace EcgFm.Acquisition.Tests.Simulation;

/// <summary>A simulated recording with its truth, and simple measurements on it.</summary>
internal sealed class Simulated
{
    public Simulated(string script, int seed = 1, NoiseLevels? noise = null, double rate = 500)
    {
        var ecg = new SimulatedEcg(RhythmScript.Parse(script), seed, rate, noise ?? NoiseLevels.None);
        Rate = rate;
        Length = (int)ecg.Length!.Value;
        Samples = new float[StandardLeads.Count * Length];
        Assert.Equal(Length, ecg.Read(Samples, out var leadOff));
        LeadOff = leadOff;
        Annotations = [.. ecg.TakeAnnotations()];
    }

    public double Rate { get; }

    public int Length { get; }

    public float[] Samples { get; }

    public uint LeadOff { get; }

    public Annotation[] Annotations { get; }

    public Annotation[] Beats => [.. Annotations.Where(a => a.IsBeat)];

    /// <summary>Seconds between beats.</summary>
    public double[] Intervals => [.. Beats.Zip(Beats.Skip(1), (a, b) => (b.Sample - a.Sample) / Rate)];

    public ReadOnlySpan<float> Of(Lead lead) => Samples.AsSpan((int)lead * Length, Length);

    /// <summary>A lead around the beats of one kind, averaged; index 0 is <paramref name="from"/> seconds from the beat.</summary>
    public double[] Average(Lead lead, double from, double to, byte code = AnnotationCode.Normal)
    {
        var samples = Of(lead);
        int first = (int)Math.Round(from * Rate), count = (int)Math.Round((to - from) * Rate) + 1, beats = 0;
        var sum = new double[count];
        foreach (var beat in Beats)
        {
            if (beat.Code != code || beat.Sample + first < 0 || beat.Sample + first + count > Length) continue;
            beats++;
            for (var i = 0; i < count; i++) sum[i] += samples[(int)beat.Sample + first + i];
        }

        return [.. sum.Select(value => value / beats)];
    }

    /// <summary>Beats by the slopes of all leads: a detector that knows nothing of the truth.</summary>
    public int[] Detect()
    {
        var slope = new double[Length];
        var reach = (int)(0.012 * Rate);
        for (var lead = 0; lead < StandardLeads.Count; lead++)
            for (var i = reach; i < Length - reach; i++)
                slope[i] += Math.Abs(Samples[lead * Length + i + reach] - Samples[lead * Length + i - reach]);
        int window = (int)(0.05 * Rate), refractory = (int)(0.22 * Rate);
        var smooth = new double[Length];
        var sum = 0.0;
        for (var i = 0; i < Length; i++)
        {
            sum += slope[i] - (i >= window ? slope[i - window] : 0);
            smooth[Math.Max(0, i - window / 2)] = sum;
        }

        var threshold = 0.235 * smooth.Order().ElementAt((int)(0.99 * Length));
        List<int> beats = [];
        for (var i = 0; i < Length; i++)
        {
            if (smooth[i] < threshold || beats.Count > 0 && i - beats[^1] < refractory) continue;
            var best = i;
            for (var k = i; k < Math.Min(Length, i + window); k++)
                if (smooth[k] > smooth[best])
                    best = k;
            beats.Add(best);
        }

        return [.. beats];
    }

    /// <summary>The amplitude of one frequency in a lead.</summary>
    public double Amplitude(Lead lead, double hertz)
    {
        double re = 0, im = 0, cos = 1, sin = 0;
        var (turnSin, turnCos) = Math.SinCos(Math.Tau * hertz / Rate);
        var samples = Of(lead);
        foreach (var sample in samples)
        {
            re += sample * cos;
            im += sample * sin;
            (cos, sin) = (cos * turnCos - sin * turnSin, sin * turnCos + cos * turnSin);
        }

        return 2 * Math.Sqrt(re * re + im * im) / samples.Length;
    }
}
