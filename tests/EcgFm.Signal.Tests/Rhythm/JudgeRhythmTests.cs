using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Text.Json;
using EcgFm.Core;
using EcgFm.Testing;
using FsCheck.Xunit;

namespace EcgFm.Signal.Tests.Rhythm;

public class JudgeRhythmTests
{
    private const int Rate = EcgWindow.SampleRate;

    private sealed record Example(string Kind, int[] Beats, float[] Alike, float? PWaves, double Probability);

    /// <summary>Beats by interval in seconds, in samples since the stream began.</summary>
    private static int[] Beats(IEnumerable<double> intervals)
    {
        var at = Rate / 5;
        return [at, .. intervals.Select(interval => at += (int)Math.Round(interval * Rate))];
    }

    private static double[] Irregular(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => 0.4 + (0.7 * random.NextDouble()))];
    }

    /// <summary>The window of ten seconds that begins at this second of the stream.</summary>
    private static AssessedWindow Window(int second, int[] beats, float[]? alike = null, bool usable = true, (int From, int To)? missing = null, float? pWaves = null)
    {
        var first = second * Rate;
        int[] inside = [.. Enumerable.Range(0, beats.Length).Where(i => beats[i] >= first && beats[i] < first + EcgWindow.Length)];
        var window = PreparationTests.Window((Lead.II, _ => 0));
        if (missing is var (from, to))
        {
            window.Samples.AsSpan(((int)Lead.II * EcgWindow.Length) + from, to - from).Fill(float.NaN);
            window = window with { Missing = window.Missing.SetItem((int)Lead.II, to - from) };
        }

        var issues = Enumerable.Range(0, StandardLeads.Count).Select(lead => lead == (int)Lead.II && usable ? QualityIssue.None : QualityIssue.Absent);
        return new AssessedWindow(window with { Index = second, FirstSample = first }, new SignalQuality([.. issues], usable), null)
        {
            Beats = [.. inside.Select(i => beats[i] - first)],
            BeatLikeness = [.. inside.Select(i => alike?[i] ?? 1)],
            PWaveRepetition = pWaves,
        };
    }

    private static List<BeatRhythm?> Judge(params IEnumerable<AssessedWindow> windows) =>
        [.. windows.ToObservable().JudgeRhythm().ToEnumerable().Select(window => window.Rhythm)];

    public static TheoryData<string, double[]> Regular => new()
    {
        { "regular", [.. Enumerable.Repeat(0.8, 60)] },
        { "sinus arrhythmia", [.. Enumerable.Range(0, 60).Select(i => 0.9 + (0.1 * Math.Sin(i * 1.3)))] },
        { "bigeminy", [.. Enumerable.Range(0, 60).Select(i => i % 2 == 0 ? 0.5 : 1.1)] },
        { "trigeminy", [.. Enumerable.Range(0, 60).Select(i => (i % 3) switch { 0 => 0.8, 1 => 0.5, _ => 1.1 })] },
        { "flutter 2:1 to 4:1", [.. Enumerable.Range(0, 60).Select(i => i % 2 == 0 ? 0.4 : 0.8)] },
        { "Wenckebach", [.. Enumerable.Range(0, 60).Select(i => (i % 4) switch { 0 => 0.84, 1 => 0.8, 2 => 0.78, _ => 1.2 })] },
    };

    [Theory]
    [MemberData(nameof(Regular))]
    public void A_rhythm_with_an_order_is_no_fibrillation(string name, double[] intervals)
    {
        var beats = Beats(intervals);
        var rhythm = Judge(Window(0, beats), Window(10, beats), Window(20, beats))[^1]!;
        Assert.True(rhythm.AtrialFibrillation < 0.5, $"{name}: {rhythm.AtrialFibrillation}");
    }

    /// <summary>Chance may put some of them in order: not every sequence, but nearly every one.</summary>
    [Fact]
    public void Intervals_without_order_are_fibrillation()
    {
        var judged = Enumerable.Range(0, 200).Select(seed => Beats(Irregular(seed, 80)))
            .Select(beats => Judge(Window(0, beats), Window(10, beats), Window(20, beats))[^1]!.AtrialFibrillation);
        Assert.InRange(judged.Count(probability => probability >= 0.7f), 190, 200);
    }

    [Fact]
    public void The_product_computes_what_the_fit_computed()
    {
        var examples = JsonSerializer.Deserialize<Example[]>(
            File.ReadAllText(Path.Combine(TestData.Repository, "tests", "EcgFm.Signal.Tests", "Rhythm", "rhythm-reference.json")), JsonSerializerOptions.Web)!;
        Assert.True(examples.Length >= 15);
        foreach (var example in examples)
        {
            var windows = Enumerable.Range(0, (example.Beats[^1] / EcgWindow.Length) + 1).Select(i => Window(10 * i, example.Beats, example.Alike, pWaves: example.PWaves));
            var rhythm = Judge(windows)[^1]!;
            Assert.Equal(example.Beats.Length - 1, rhythm.Intervals);
            Assert.InRange(rhythm.AtrialFibrillation, example.Probability - 1e-4, example.Probability + 1e-4);
        }
    }

    [Fact]
    public void It_looks_back_over_thirty_seconds_and_over_the_seams()
    {
        var beats = Beats(Enumerable.Repeat(1.0, 60));
        var rhythms = Judge(Enumerable.Range(0, 5).Select(i => Window(10 * i, beats)));
        Assert.Equal([9, 19, 29, 29, 29], rhythms.Select(rhythm => rhythm!.Intervals));
        Assert.Equal([9.8, 19.8, 29.8, 29.8, 29.8], rhythms.Select(rhythm => rhythm!.Span.TotalSeconds));
    }

    [Property(MaxTest = 30)]
    public void Windows_that_overlap_say_the_same_as_windows_that_do_not(int seed)
    {
        var beats = Beats(Irregular(seed, 80));
        var apart = Judge(Window(0, beats), Window(10, beats), Window(20, beats))[^1];
        Assert.Equal(apart, Judge(Enumerable.Range(0, 21).Select(second => Window(second, beats)))[^1]);
        Assert.Equal(apart, Judge(Enumerable.Range(0, 5).Select(i => Window(5 * i, beats)))[^1]);
    }

    [Fact]
    public void There_is_no_interval_over_lost_or_unusable_windows()
    {
        var beats = Beats(Enumerable.Repeat(1.0, 60));
        Assert.Equal(18, Judge(Window(0, beats), Window(20, beats))[^1]!.Intervals);
        var unusable = Judge(Window(0, beats), Window(10, beats, usable: false), Window(20, beats));
        Assert.Null(unusable[1]);
        Assert.Equal(18, unusable[2]!.Intervals);
    }

    [Fact]
    public void There_is_no_interval_over_samples_that_are_missing()
    {
        var beats = Beats(Enumerable.Repeat(1.0, 60));
        Assert.Equal(9, Judge(Window(0, beats, missing: (2 * Rate, (2 * Rate) + 15)))[0]!.Intervals);
        Assert.Equal(8, Judge(Window(0, beats, missing: (2 * Rate, (2 * Rate) + 50)))[0]!.Intervals);
    }

    [Fact]
    public void A_stream_that_begins_again_begins_with_nothing()
    {
        var beats = Beats(Enumerable.Repeat(1.0, 60));
        Assert.Equal([9, 19, 9], Judge(Window(10, beats), Window(20, beats), Window(0, beats)).Select(rhythm => rhythm!.Intervals));
    }

    [Fact]
    public void Too_few_beats_are_no_opinion() => Assert.Null(Judge(Window(0, Beats([1.9, 1.9, 1.9, 1.9])))[0]);

    [Fact]
    public void Each_subscription_has_a_memory_of_its_own()
    {
        var beats = Beats(Enumerable.Repeat(1.0, 60));
        using var windows = new Subject<AssessedWindow>();
        var judged = windows.JudgeRhythm();
        var (first, second) = (new List<int>(), new List<int>());
        using var one = judged.Subscribe(window => first.Add(window.Rhythm!.Intervals));
        windows.OnNext(Window(0, beats));
        using var other = judged.Subscribe(window => second.Add(window.Rhythm!.Intervals));
        windows.OnNext(Window(10, beats));
        Assert.Equal([9, 19], first);
        Assert.Equal([9], second);
    }
}
