using EcgFm.Acquisition.Simulation;
using EcgFm.Acquisition.Wfdb;
using EcgFm.Core;
using EcgFm.Signal;

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

    /// <summary>Beats by the signal path's own detector, which knows nothing of the truth; window by window of ten seconds.</summary>
    public int[] Detect()
    {
        Assert.Equal(EcgWindow.SampleRate, Rate);
        List<int> beats = [];
        for (var first = 0; first + EcgWindow.Length <= Length; first += EcgWindow.Length)
        {
            var window = new EcgWindow
            {
                Index = first / EcgWindow.Length,
                FirstSample = first,
                Start = DateTimeOffset.UnixEpoch,
                Samples = [.. Enumerable.Range(0, StandardLeads.Count).SelectMany(lead => Of((Lead)lead).Slice(first, EcgWindow.Length).ToArray())],
                Missing = [.. new int[StandardLeads.Count]],
            };
            beats.AddRange(BeatDetector.Detect(window, LeadSet.All).Select(at => first + at));
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
