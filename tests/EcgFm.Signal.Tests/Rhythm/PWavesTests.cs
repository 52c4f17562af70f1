using EcgFm.Core;
using FsCheck.Xunit;

namespace EcgFm.Signal.Tests.Rhythm;

public class PWavesTests
{
    /// <summary>Beats at these times in lead II; a P wave before each, or waves of fibrillation all the time.</summary>
    private static AssessedWindow Heart(IEnumerable<double> beats, bool fibrillation, int seed = 1)
    {
        var random = new Random(seed);
        double[] at = [.. beats];
        double[] rates = [5.1, 6.4, 7.3], phases = [.. rates.Select(_ => random.NextDouble() * 6)];
        return QualityAssessor.Assess(PreparationTests.Window((Lead.II, i =>
        {
            var time = i / 500.0;
            var value = (0.02 * random.NextDouble()) + at.Sum(beat => Math.Exp(-Math.Pow(time - beat, 2) / (2 * 0.011 * 0.011)));
            value += fibrillation
                ? rates.Zip(phases).Sum(wave => 0.04 * Math.Sin((2 * Math.PI * wave.First * time) + wave.Second))
                : at.Sum(beat => 0.1 * Math.Exp(-Math.Pow(time - beat + 0.16, 2) / (2 * 0.025 * 0.025)));
            return (float)value;
        }
        )));
    }

    private static List<double> Irregular(int seed)
    {
        var random = new Random(seed);
        var beats = new List<double>();
        for (var at = 0.4; at < 9.7; at += 0.5 + (0.6 * random.NextDouble())) beats.Add(at);
        return beats;
    }

    [Property(MaxTest = 50)]
    public void P_waves_repeat_however_uneven_the_beats(int seed) =>
        Assert.InRange(Heart(Irregular(seed), fibrillation: false, seed).PWaveRepetition!.Value, 0.8f, 1);

    [Property(MaxTest = 50)]
    public void Waves_of_fibrillation_do_not_repeat(int seed) =>
        Assert.InRange(Heart(Irregular(seed), fibrillation: true, seed).PWaveRepetition!.Value, -0.3f, 0.5f);

    [Fact]
    public void Nothing_is_said_where_the_T_wave_leaves_no_room() =>
        Assert.Null(Heart(Enumerable.Range(0, 30).Select(i => 0.3 + (i * 0.32)), fibrillation: false).PWaveRepetition);

    [Fact]
    public void Nothing_is_said_of_too_few_beats() =>
        Assert.Null(Heart([1, 3, 5, 7], fibrillation: false).PWaveRepetition);

    [Fact]
    public void Beats_beside_missing_samples_are_left_out()
    {
        var whole = Heart(Irregular(3), fibrillation: false).Window;
        whole.Samples.AsSpan(((int)Lead.II * EcgWindow.Length) + 2000, 300).Fill(float.NaN);
        var assessed = QualityAssessor.Assess(whole with { Missing = whole.Missing.SetItem((int)Lead.II, 300) });
        Assert.InRange(assessed.PWaveRepetition!.Value, 0.8f, 1);
    }
}
