using System.Reactive.Linq;
using EcgFm.Core;
using Xunit.Abstractions;

namespace EcgFm.Signal.Tests;

public class QualityTests(ITestOutputHelper output)
{
    private static readonly double[] Seventy = [.. Enumerable.Range(0, 12).Select(i => 0.3 + (i * 60 / 70.0)).Where(at => at < 9.7)];

    private static QualityIssue OfII(Func<int, float, float> change, LeadSet leadOff = default)
    {
        var clean = BeatTests.Heart(Seventy);
        var window = PreparationTests.Window((Lead.II, i => change(i, clean.Of(Lead.II)[i]))) with { LeadOff = leadOff };
        var assessed = QualityAssessor.Assess(window);
        Assert.Equal(QualityIssue.Absent, assessed.Quality.Issues[(int)Lead.V1]);
        Assert.Equal(assessed.Quality.Issues[(int)Lead.II] == QualityIssue.None, assessed.Quality.Usable);
        Assert.Equal(assessed.Quality.Usable, assessed.HeartRate is not null);
        return assessed.Quality.Issues[(int)Lead.II];
    }

    [Fact]
    public void ACleanLeadHasNothingWrong() => Assert.Equal(QualityIssue.None, OfII((_, value) => value));

    [Fact]
    public void AnOffsetOfTheElectrodeIsNoFault() => Assert.Equal(QualityIssue.None, OfII((_, value) => value + 250));

    [Fact]
    public void ALeadThatIsOffIsNotUsed() => Assert.Equal(QualityIssue.LeadOff, OfII((_, value) => value, LeadSet.Of(Lead.II)));

    [Theory]
    [InlineData(500, QualityIssue.None)]
    [InlineData(501, QualityIssue.Missing)]
    [InlineData(5000, QualityIssue.Missing)]
    public void MoreThanATenthMissingIsTooMuch(int missing, QualityIssue expected) =>
        Assert.Equal(expected, OfII((i, value) => i < missing ? float.NaN : value));

    [Fact]
    public void ALeadThatDoesNotMoveIsFlat()
    {
        Assert.Equal(QualityIssue.Flat, OfII((_, _) => 0.3f));
        Assert.Equal(QualityIssue.Flat, OfII((i, value) => i < 3000 ? 0.3f : value));
    }

    [Fact]
    public void ALeadAtTheLimitsOfTheAmplifierIsSaturated() =>
        Assert.Equal(QualityIssue.Saturated, OfII((i, value) => Math.Clamp(value + (i < 2000 ? 0 : 8 * MathF.Sin(i / 100f)), -5, 5)) & QualityIssue.Saturated);

    [Fact]
    public void ABaseLineWithoutNoiseIsNoLimit() => Assert.Equal(QualityIssue.None, OfII((_, value) => MathF.Max(value, 0.1f)));

    [Fact]
    public void ALeadOfNoiseIsNoise()
    {
        var random = new Random(3);
        Assert.Equal(QualityIssue.Noise, OfII((_, _) => (float)random.NextDouble()));
    }

    /// <summary>Every other beat is wide, upside down and early: two shapes in turn are no noise.</summary>
    [Fact]
    public void BigeminyIsNoNoise() => Assert.Equal(QualityIssue.None, OfII((i, _) =>
    {
        var at = i / 500.0 % 1.8;
        var usual = Math.Exp(-Math.Pow(at - 0.5, 2) / (2 * 0.011 * 0.011)) + (0.3 * Math.Exp(-Math.Pow(at - 0.75, 2) / (2 * 0.04 * 0.04)));
        var early = (1.3 * Math.Exp(-Math.Pow(at - 1.02, 2) / (2 * 0.03 * 0.03))) - (0.9 * Math.Exp(-Math.Pow(at - 1.1, 2) / (2 * 0.035 * 0.035)));
        return (float)(usual - early);
    }));

    /// <summary>Noise in the band of the beats, as muscles and movement make it, at ratios defined as WFDB's <c>nst</c> does: an eighth of the squared size of the QRS complexes.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void MoreNoiseLeavesFewerWindowsUsable(bool fibrillation)
    {
        const int windows = 60;
        var last = 1.0;
        foreach (var decibels in new[] { 24, 18, 12, 6, 0, -6, -12 })
        {
            var usable = 0;
            for (var seed = 0; seed < windows; seed++)
            {
                var random = new Random(seed);
                var beats = new List<double>();
                for (var at = 0.3; at < 9.7; at += fibrillation ? 0.4 + (0.7 * random.NextDouble()) : 0.85) beats.Add(at);
                var clean = BeatTests.Heart(beats, seed: seed);
                var power = 1.25 * 1.25 / 8 / Math.Pow(10, decibels / 10.0);
                var noise = 0.0;
                // A first-order low-pass at about 8 Hz; its variance is that of what comes in, divided by 1 − 0.9².
                usable += QualityAssessor.Assess(PreparationTests.Window((Lead.II, i =>
                {
                    noise = (0.9 * noise) + (Math.Sqrt(power * (1 - (0.9 * 0.9)) * 3) * ((2 * random.NextDouble()) - 1));
                    return clean.Of(Lead.II)[i] + (float)noise;
                }
                ))).Quality.Usable ? 1 : 0;
            }

            var share = (double)usable / windows;
            output.WriteLine($"{decibels} dB: {share:P0} usable");
            if (decibels >= 18) Assert.InRange(share, 0.97, 1);
            if (decibels <= -6) Assert.InRange(share, 0, 0.1);
            Assert.InRange(share, 0, last + 0.1);
            last = share;
        }
    }

    [Fact]
    public void VitalsComeEverySecondFromTheTenSecondsBefore()
    {
        var beats = Enumerable.Range(0, 100).Select(i => 0.3 + (i * 0.75)).ToArray();
        var samples = new float[500 * 20];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = (float)beats.Sum(beat => Math.Exp(-Math.Pow((i / 500.0) - beat, 2) / (2 * 0.011 * 0.011)));
        var block = Blocks.Of(new ChannelLayout(["ECG"]), 500, samples);
        var vitals = block.Cut(25).ToObservable().ToStandardLeads().Windows(TimeSpan.FromSeconds(1)).AssessQuality().Vitals().Collect();
        Assert.Equal(Enumerable.Range(10, 11).Select(second => Blocks.Epoch.AddSeconds(second)), vitals.Select(one => one.Time));
        Assert.All(vitals, one => Assert.Equal(80, one.HeartRate!.Value, 0.5));
        Assert.All(vitals, one => Assert.Equal(LeadSet.Of(Lead.I).Complement, one.Absent));
        Assert.All(vitals, one => Assert.True(one.Quality.Usable));
    }
}
