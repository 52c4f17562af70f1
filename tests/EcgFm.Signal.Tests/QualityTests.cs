using System.Reactive.Linq;
using EcgFm.Core;

namespace EcgFm.Signal.Tests;

public class QualityTests
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
