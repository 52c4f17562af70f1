using EcgFm.Core;
using FsCheck;
using FsCheck.Xunit;

namespace EcgFm.Signal.Tests;

public class BeatTests
{
    /// <summary>Ten seconds of P, QRS and T waves (Gaussians; seconds, millivolts) at the given times, in leads I and II, with some noise.</summary>
    internal static EcgWindow Heart(IReadOnlyCollection<double> beats, double size = 1, double t = 0.3, double wander = 0, double noise = 0.01, int seed = 1)
    {
        var random = new Random(seed);
        float Sample(int i, double scale)
        {
            var at = i / 500.0;
            var value = (wander * Math.Sin(2 * Math.PI * 0.2 * at)) + (noise * ((random.NextDouble() * 2) - 1));
            foreach (var beat in beats)
                value += scale * size * (Wave(at - beat + 0.16, 0.12, 0.025) + Wave(at - beat, 1, 0.011) + Wave(at - beat - 0.03, -0.25, 0.01)
                    + Wave(at - beat - 0.25, t, 0.04));
            return (float)value;
        }

        return PreparationTests.Window((Lead.I, i => Sample(i, 0.6)), (Lead.II, i => Sample(i, 1)));
    }

    private static double Wave(double at, double height, double width) => height * Math.Exp(-at * at / (2 * width * width));

    private static double[] Regular(double perMinute) =>
        [.. Enumerable.Range(0, 100).Select(i => 0.4 + (i * 60 / perMinute)).Where(at => at < 9.7)];

    private static void AssertFound(double[] expected, IReadOnlyList<int> found)
    {
        Assert.Equal(expected.Length, found.Count);
        for (var i = 0; i < expected.Length; i++) Assert.InRange(found[i] / 500.0, expected[i] - 0.03, expected[i] + 0.03);
    }

    [Theory]
    [InlineData(30)]
    [InlineData(45)]
    [InlineData(72)]
    [InlineData(120)]
    [InlineData(180)]
    public void EveryBeatIsFoundAndTheRateIsRight(double rate)
    {
        // A T wave of two thirds of the R wave, wander of 1 mV; the T wave follows a fast rate only half as tall.
        var window = Heart(Regular(rate), t: rate > 100 ? 0.3 : 0.65, wander: 1);
        AssertFound(Regular(rate), BeatDetector.Detect(window, LeadSet.All));
        var assessed = QualityAssessor.Assess(window);
        Assert.Equal(rate, assessed.HeartRate!.Value, rate / 100);
        Assert.True(assessed.Quality.Usable);
    }

    /// <summary>Complete heart block: P waves go on at their own rate, and are no beats however few the beats are.</summary>
    [Theory]
    [InlineData(5)]
    [InlineData(7)]
    [InlineData(10)]
    [InlineData(12)]
    [InlineData(15)]
    [InlineData(18)]
    [InlineData(25)]
    public void PWavesAmongVeryFewBeatsAreNoBeats(double rate)
    {
        var (ventricles, atria) = (Regular(rate), Regular(80).Select(at => at - 0.1));
        var (beats, atrial) = (Heart(ventricles), Heart([]));
        var window = PreparationTests.Window(
            (Lead.I, i => beats.Of(Lead.I)[i] + (float)(0.6 * atria.Sum(at => Wave((i / 500.0) - at, 0.15, 0.025)))),
            (Lead.II, i => beats.Of(Lead.II)[i] + (float)atria.Sum(at => Wave((i / 500.0) - at, 0.15, 0.025))));
        AssertFound(ventricles, BeatDetector.Detect(window, LeadSet.All));
    }

    /// <summary>Two electrode pops of several millivolts in ten seconds do not hide the beats between them.</summary>
    [Fact]
    public void TwoArtefactsDoNotHideTheBeats()
    {
        var clean = Heart(Regular(70));
        float Pop(int i) => (i is >= 1000 and < 1060 ? 3 : 0) + (i is >= 3620 and < 3700 ? -4 : 0);
        var window = PreparationTests.Window((Lead.I, i => clean.Of(Lead.I)[i] + Pop(i)), (Lead.II, i => clean.Of(Lead.II)[i] + Pop(i)));
        var found = BeatDetector.Detect(window, LeadSet.All);
        Assert.All(Regular(70).Where(at => Math.Abs(at - 2) > 0.7 && Math.Abs(at - 7.3) > 0.7), at => Assert.Contains(found, beat => Math.Abs((beat / 500.0) - at) < 0.03));
    }

    [Property(MaxTest = 50)]
    public void IrregularBeatsOfAnySizeAreFound(int seed, byte size)
    {
        var random = new Random(seed);
        var beats = new List<double>();
        for (var at = 0.3; at < 9.7; at += 0.4 + (0.8 * random.NextDouble())) beats.Add(at);
        AssertFound([.. beats], BeatDetector.Detect(Heart(beats, size: 0.2 + (size / 64.0), seed: seed), LeadSet.All));
    }

    [Fact]
    public void OneNoisyLeadDoesNotHideTheBeats()
    {
        var random = new Random(5);
        var clean = Heart(Regular(70));
        var window = PreparationTests.Window(
            (Lead.I, i => clean.Of(Lead.I)[i]), (Lead.II, i => clean.Of(Lead.II)[i]), (Lead.V1, _ => (float)(random.NextDouble() * 4)));
        AssertFound(Regular(70), BeatDetector.Detect(window, LeadSet.All));
        var assessed = QualityAssessor.Assess(window);
        Assert.Equal(QualityIssue.Noise, assessed.Quality.Issues[(int)Lead.V1]);
        Assert.Equal(LeadSet.Of(Lead.I, Lead.II), assessed.Quality.Good);
        Assert.Equal(70, assessed.HeartRate!.Value, 1.0);
    }

    [Fact]
    public void MissingSamplesMakeNoBeats()
    {
        var clean = Heart(Regular(60));
        var window = PreparationTests.Window((Lead.II, i => i is >= 2700 and < 2900 ? float.NaN : clean.Of(Lead.II)[i]));
        AssertFound(Regular(60), BeatDetector.Detect(window, LeadSet.All));
    }

    [Fact]
    public void WithoutASignalThereAreNoBeatsAndNoRate()
    {
        Assert.Empty(BeatDetector.Detect(Heart([]), LeadSet.None));
        Assert.Empty(BeatDetector.Detect(Heart([], noise: 0.005), LeadSet.All));
        Assert.Empty(BeatDetector.Detect(PreparationTests.Window((Lead.I, _ => 3)), LeadSet.All));
        Assert.Empty(BeatDetector.Detect(PreparationTests.Window((Lead.I, _ => float.NaN)), LeadSet.All));
        Assert.Null(HeartRate.Of([]));
        Assert.Null(HeartRate.Of([77]));
        Assert.Equal(60, HeartRate.Of([0, 500, 1000]));
    }
}
