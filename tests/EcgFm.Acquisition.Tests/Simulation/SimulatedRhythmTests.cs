using EcgFm.Acquisition.Simulation;
using EcgFm.Acquisition.Wfdb;
using EcgFm.Core;

namespace EcgFm.Acquisition.Tests.Simulation;

public class SimulatedRhythmTests
{
    [Theory]
    [InlineData("sinus@72:120s", 72, 2)]
    [InlineData("sinus@60:120s", 60, 2)]
    [InlineData("brady@45:120s", 45, 2)]
    [InlineData("tachy@130:120s", 130, 2)]
    [InlineData("svt@190:60s", 190, 3)]
    [InlineData("vt@170:60s", 170, 3)]
    [InlineData("af@90:240s", 90, 5)]
    [InlineData("flutter@75:60s", 75, 1.5)]
    [InlineData("flutter@150:60s", 150, 2)]
    public void The_rate_is_as_scripted(string script, double rate, double tolerance)
    {
        foreach (var seed in new[] { 1, 2, 3 })
        {
            var simulated = new Simulated(script, seed, rate: 100);
            Assert.Equal(rate, 60 / simulated.Intervals.Average(), tolerance);
        }
    }

    [Theory]
    [InlineData("sinus:60s", 60, 95)]
    [InlineData("brady:60s", 37, 56)]
    [InlineData("tachy:60s", 104, 146)]
    [InlineData("svt:60s", 158, 212)]
    [InlineData("vt:60s", 128, 217)]
    [InlineData("flutter:60s", 60, 168)]
    [InlineData("af:120s", 54, 165)]
    public void Without_a_given_rate_it_suits_the_rhythm(string script, double min, double max)
    {
        for (var seed = 1; seed <= 12; seed++)
            Assert.InRange(60 / new Simulated(script, seed, rate: 100).Intervals.Average(), min * 0.97, max * 1.03);
    }

    [Theory]
    [InlineData("sinus:60s")]
    [InlineData("af:60s")]
    [InlineData("tachy:60s")]
    [InlineData("sinus+pvc=0.2:60s")]
    // Within 150 ms, as the field matches beats (bxb).
    public void A_detector_finds_the_beats_where_the_annotations_are(string script)
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            var simulated = new Simulated(script, seed, NoiseLevels.Quiet);
            var detected = simulated.Detect();

            // A beat on the edge of a window is nobody's fault.
            bool Inside(long at) => at % EcgWindow.Length is > 150 and < EcgWindow.Length - 150;
            var beats = simulated.Beats.Where(beat => Inside(beat.Sample)).ToArray();
            var missed = beats.Count(beat => !detected.Any(at => Math.Abs(at - beat.Sample) <= 0.15 * simulated.Rate));
            var invented = detected.Count(at => Inside(at) && !simulated.Beats.Any(beat => Math.Abs(at - beat.Sample) <= 0.15 * simulated.Rate));
            Assert.InRange(missed, 0, beats.Length / 50);
            Assert.InRange(invented, 0, beats.Length / 50);
        }
    }

    [Fact]
    public void Fibrillation_is_irregular_without_memory_and_skewed_and_sinus_rhythm_is_not()
    {
        for (var seed = 1; seed <= 10; seed++)
        {
            var irregular = new Simulated("af:600s", seed, rate: 50).Intervals;
            var regular = new Simulated("sinus:300s", seed, rate: 200).Intervals;
            Assert.InRange(Spread(irregular), 0.14, 0.32);
            Assert.InRange(Spread(regular), 0.01, 0.09);
            Assert.InRange(SuccessiveDifferences(irregular), 0.17, 0.45);
            Assert.InRange(SuccessiveDifferences(regular), 0.003, 0.065);
            Assert.InRange(Math.Abs(Correlation(irregular)), 0, 0.25);
            var mean = irregular.Average();
            var skew = irregular.Average(x => Math.Pow((x - mean) / (mean * Spread(irregular)), 3));
            Assert.InRange(skew, 0.4, 1.8);
            Assert.InRange(irregular.Min(), 0.26, 1);
        }
    }

    [Fact]
    public void Fibrillation_has_fibrillatory_waves_in_place_of_P()
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            var sinus = new Simulated("sinus@70:60s", seed).Average(Lead.II, -0.25, -0.05);
            var fibrillation = new Simulated("af@70:240s", seed);
            var before = fibrillation.Average(Lead.II, -0.25, -0.05);
            Assert.True(before.Max() - before.Min() < 0.45 * (sinus.Max() - sinus.Min()), $"seed {seed}: {before.Max() - before.Min()} of {sinus.Max() - sinus.Min()}");
        }
    }

    [Fact]
    public void Fibrillatory_waves_lie_at_4_to_9_hertz_and_show_best_in_V1()
    {
        for (var seed = 1; seed <= 8; seed++)
        {
            // Ventricular beats fifteen times a minute leave room to see the atria.
            var slow = new Simulated("af@15:120s", seed, rate: 100);
            var spectrum = Enumerable.Range(20, 130).Select(k => (Hertz: k * 0.1, Power: Enumerable.Range(0, 3).Sum(i => Math.Pow(slow.Amplitude(Lead.V1, k * 0.1 + i * 0.033), 2)))).ToArray();
            var inBand = spectrum.Where(line => line.Hertz is >= 3.5 and <= 9.5).Sum(line => line.Power);
            Assert.True(inBand > 0.5 * spectrum.Sum(line => line.Power), $"seed {seed}: {inBand / spectrum.Sum(line => line.Power)}");
            double v1 = Restlessness(slow, Lead.V1), one = Restlessness(slow, Lead.I);
            Assert.InRange(v1, 0.01, 0.25);
            Assert.True(v1 > one, $"seed {seed}: V1 {v1}, I {one}");
        }
    }

    [Fact]
    public void Flutter_waves_are_regular_and_conduction_follows_them()
    {
        for (var seed = 1; seed <= 10; seed++)
        {
            var simulated = new Simulated("flutter:60s", seed, rate: 100);
            var cycle = 60 / FlutterRate(simulated);
            foreach (var interval in simulated.Intervals.Skip(1))
            {
                var ratio = interval / cycle;
                Assert.InRange(ratio, 1.9, 4.1);
                Assert.Equal(Math.Round(ratio), ratio, 0.16);
            }
        }
    }

    [Fact]
    public void Premature_beats_come_early_as_often_as_asked_and_a_compensatory_pause_follows()
    {
        var simulated = new Simulated("sinus@70+pvc=0.15:600s");
        var beats = simulated.Beats;
        var premature = beats.Count(beat => beat.Code == AnnotationCode.VentricularPremature);
        Assert.InRange(premature / (double)(beats.Length - premature), 0.10, 0.21);
        for (var i = 2; i < beats.Length - 1; i++)
        {
            if (beats[i].Code != AnnotationCode.VentricularPremature) continue;
            double before = (beats[i].Sample - beats[i - 1].Sample) / 500.0, after = (beats[i + 1].Sample - beats[i].Sample) / 500.0;
            Assert.InRange(before, 0.35, 0.65);
            Assert.InRange(before + after, 1.9 * 60 / 70 * 0.9, 2.1 * 60 / 70 * 1.1);
        }
    }

    [Theory]
    [InlineData("bigeminy:60s", "NV", "(B")]
    [InlineData("trigeminy:60s", "NNV", "(T")]
    public void Bigeminy_and_trigeminy_alternate(string script, string pattern, string rhythm)
    {
        var simulated = new Simulated(script);
        var symbols = string.Concat(simulated.Beats.Select(beat => beat.Symbol));
        Assert.Equal(string.Concat(Enumerable.Repeat(pattern, symbols.Length)).AsSpan(0, symbols.Length).ToString(), symbols);
        Assert.Equal(rhythm, simulated.Annotations[0].Aux);
    }

    [Fact]
    public void Ventricular_beats_are_wide_and_have_no_P()
    {
        for (var seed = 1; seed <= 12; seed++)
        {
            var simulated = new Simulated("sinus@60+pvc=0.4:60s", seed);
            double narrow = Duration(simulated, AnnotationCode.Normal), wide = Duration(simulated, AnnotationCode.VentricularPremature);
            Assert.InRange(narrow, 0.05, 0.11);
            Assert.InRange(wide, 0.12, 0.20);
        }
    }

    [Fact]
    public void A_pause_has_no_beat_and_the_rhythm_comes_back()
    {
        var simulated = new Simulated("sinus:20s,pause:5s,sinus:20s");
        Assert.DoesNotContain(simulated.Beats, beat => beat.Sample is >= 20 * 500 and < 25 * 500);
        Assert.InRange(simulated.Beats.First(beat => beat.Sample >= 25 * 500).Sample, 25 * 500, 26 * 500);
        for (var i = 21 * 500; i < 24.9 * 500; i++) Assert.Equal(0, simulated.Of(Lead.II)[i], 1e-3f);
    }

    [Fact]
    public void Ventricular_fibrillation_has_waves_but_no_annotated_beats()
    {
        var simulated = new Simulated("vf:20s");
        Assert.Empty(simulated.Beats);
        Assert.InRange(Restlessness(simulated, Lead.II), 0.05, 1);
    }

    [Fact]
    public void Rhythms_are_annotated_where_they_begin_and_only_when_they_change()
    {
        var simulated = new Simulated("sinus:10s,sinus+off=V1:10s,af:10s,tachy:10s,flutter:10s,brady:10s,vt:10s,svt:10s,pause:3s,vf:5s");
        Assert.Equal(
            [
                (0, "(N"), (20, "(AFIB"), (30, "(N"), (40, "(AFL"), (50, "(SBR"), (60, "(VT"), (70, "(SVTA"), (80, "(ASYS"), (83, "(VFIB"),
            ],
            simulated.Annotations.Where(a => a.Code == AnnotationCode.Rhythm).Select(a => ((int)(a.Sample / 500), a.Aux!)));
        Assert.Equal(simulated.Annotations.Select(a => a.Sample).Order(), simulated.Annotations.Select(a => a.Sample));
        Assert.All(simulated.Beats.Where(beat => beat.Sample is > 60 * 500 and < 70 * 500), beat => Assert.Equal("V", beat.Symbol));
    }

    [Fact]
    public void Changing_rhythms_never_brings_beats_too_close()
    {
        for (var seed = 1; seed <= 30; seed++)
        {
            var simulated = new Simulated("sinus:5s,af:5s,vt:5s,sinus:5s,flutter:5s,tachy:5s,pause:2s,svt:5s,bigeminy:5s,af+pvc=0.3:5s,brady:5s", seed, rate: 200);
            Assert.InRange(simulated.Intervals.Min(), 0.24, 1);
            Assert.InRange(simulated.Intervals.Max(), 0.3, 4);
        }
    }

    [Fact]
    public void A_repeating_script_goes_on()
    {
        var ecg = new SimulatedEcg(RhythmScript.Parse("sinus:5s,af:5s,repeat"), 1, 100);
        Assert.Null(ecg.Length);
        Assert.Equal(3000, ecg.Read(new float[12 * 3000], out _));
        Assert.Equal([0, 500, 1000, 1500, 2000, 2500], ecg.TakeAnnotations().Where(a => a.Code == AnnotationCode.Rhythm).Select(a => a.Sample));
    }

    private static double Spread(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Average(x => (x - mean) * (x - mean))) / mean;
    }

    private static double SuccessiveDifferences(double[] values) =>
        Math.Sqrt(values.Zip(values.Skip(1), (a, b) => (b - a) * (b - a)).Average()) / values.Average();

    private static double Correlation(double[] values)
    {
        var mean = values.Average();
        return values.Zip(values.Skip(1), (a, b) => (a - mean) * (b - mean)).Sum() / values.Sum(x => (x - mean) * (x - mean));
    }

    /// <summary>Root mean square of the middle half of the samples, which leaves the beats out.</summary>
    private static double Restlessness(Simulated simulated, Lead lead)
    {
        var sorted = simulated.Of(lead).ToArray().Order().ToArray();
        return (sorted[(int)(0.85 * sorted.Length)] - sorted[(int)(0.15 * sorted.Length)]) / 2;
    }

    private static double FlutterRate(Simulated simulated)
    {
        var rates = Enumerable.Range(0, 400).Select(k => 240 + k * 0.3).ToArray();
        return rates.MaxBy(rate => simulated.Amplitude(Lead.II, rate / 60) + simulated.Amplitude(Lead.AVF, rate / 60));
    }

    /// <summary>QRS duration: how long the slope over all leads exceeds a sixth of its maximum, around the beat.</summary>
    private static double Duration(Simulated simulated, byte code)
    {
        var slope = new double[115];
        for (var lead = Lead.I; lead <= Lead.V6; lead++)
        {
            var beat = simulated.Average(lead, -0.11, 0.12, code);
            for (var i = 0; i < slope.Length; i++) slope[i] += Math.Abs(beat[i + 1] - beat[i]);
        }

        var limit = slope.Max() / 6;
        return (Array.FindLastIndex(slope, s => s > limit) - Array.FindIndex(slope, s => s > limit)) / simulated.Rate;
    }
}
