using System.Reactive.Linq;
using EcgFm.Core;
using FsCheck;
using FsCheck.Xunit;

namespace EcgFm.Signal.Tests;

public class ResampleTests
{
    private static readonly ChannelLayout Two = new(["I", "V1"]);
    private static readonly double[] Rates = [125, 128, 130, 200, 250, 256, 300, 360, 400, 512, 1000];

    private static EcgBlock Random(int seed, double rate, int length, double missing = 0)
    {
        var random = new Random(seed);
        var samples = new float[Two.Count * length];
        for (var i = 0; i < samples.Length; i++) samples[i] = random.NextDouble() < missing ? float.NaN : (float)random.NextDouble();
        return Blocks.Of(Two, rate, samples);
    }

    /// <summary>However a stream is cut, the result is the same to the bit: samples, indices and times.</summary>
    [Property]
    public void CutsLeaveNoTrace(int seed, PositiveInt length, PositiveInt[] cuts, byte rate, bool record)
    {
        var block = Random(seed, Rates[rate % Rates.Length], (length.Get * 7) + 2, 0.02);
        long? whole = record ? block.Length : null;
        int[] pieces = [.. cuts.Select(cut => cut.Get), 3];
        var one = Observable.Return(block).Resample(500, whole).Collect();
        var many = block.Cut(pieces).ToObservable().Resample(500, whole).Collect();
        Assert.Equal(Blocks.Join(one).Samples, Blocks.Join(many).Samples);
        long next = 0;
        foreach (var part in many)
        {
            Assert.Equal(next, part.FirstSample);
            next += part.Length;
            if (!record) Assert.InRange((part.Start - Blocks.TimeOf(part.FirstSample, 500)).Ticks, -2, 2);
        }
    }

    /// <summary>The rule for a stream without end: output k lies at k · fs / 500, neighbours weighted, as far as both neighbours are known.</summary>
    [Property]
    public void EachSampleLiesAtItsPlace(int seed, PositiveInt length, byte rate)
    {
        var block = Random(seed, Rates[rate % Rates.Length], (length.Get * 5) + 2);
        var result = Blocks.Join(Observable.Return(block).Resample().Collect());
        for (var k = 0; k < result.Length; k++)
        {
            var position = k * block.SampleRate / 500;
            var at = (int)position;
            var next = Math.Min(at + 1, block.Length - 1);
            for (var channel = 0; channel < Two.Count; channel++)
            {
                var x = block.Channel(channel);
                Assert.Equal(x[at] + ((x[next] - x[at]) * (position - at)), result.Channel(channel)[k], 1e-5);
            }
        }

        Assert.Equal((int)Math.Floor((block.Length - 1) * 500 / block.SampleRate) + 1, result.Length);
    }

    /// <summary>The rule for a record: N′ samples, the first and the last those of the record.</summary>
    [Property]
    public void ARecordKeepsBothEnds(int seed, PositiveInt length, byte rate)
    {
        var block = Random(seed, Rates[rate % Rates.Length], (length.Get * 5) + 20);
        var result = Blocks.Join(Observable.Return(block).Resample(500, block.Length).Collect());
        Assert.Equal((int)(block.Length * 500 / block.SampleRate), result.Length);
        Assert.Equal(block.Channel(1)[0], result.Channel(1)[0]);
        Assert.Equal(block.Channel(1)[^1], result.Channel(1)[^1]);
    }

    /// <summary>A result is missing exactly when a sample that it needs is.</summary>
    [Property]
    public void MissingSamplesStayMissing(int seed, PositiveInt length, byte rate)
    {
        var block = Random(seed, Rates[rate % Rates.Length], (length.Get * 5) + 2, 0.2);
        var result = Blocks.Join(Observable.Return(block).Resample().Collect());
        for (var k = 0; k < result.Length; k++)
        {
            var position = k * block.SampleRate / 500;
            var at = (int)position;
            var x = block.Channel(0);
            Assert.Equal(float.IsNaN(x[at]) || (position > at && float.IsNaN(x[at + 1])), float.IsNaN(result.Channel(0)[k]));
        }
    }

    [Fact]
    public void ABlockThatHasTheRatePassesAsItIs()
    {
        var block = Random(1, 500, 20);
        Assert.Same(block, Assert.Single(Observable.Return(block).Resample().Collect()));
        Assert.Same(block, Assert.Single(Observable.Return(block).Resample(500, 20).Collect()));
    }

    /// <summary>A short gap is filled with missing samples, and the step is kept: what follows is as if nothing had been lost.</summary>
    [Property]
    public void AShortGapIsMissingAndTheStepIsKept(int seed, byte lost, byte rate)
    {
        var block = Random(seed, Rates[rate % Rates.Length], 700);
        var gap = Math.Max((int)lost, 1) % 120;
        var whole = Observable.Return(block).Resample().Collect();
        var parts = new[] { block.Part(0, 300), block.Part(300 + gap, 400 - gap) }.ToObservable().Resample().Collect();
        Assert.Equal(2, parts.Count);
        Assert.Equal(parts[0].Length, parts[1].FirstSample);
        var joined = Blocks.Join(parts);
        for (var k = 0; k < joined.Length; k++)
        {
            var position = k * block.SampleRate / 500;
            var known = Math.Ceiling(position) < 300 || Math.Floor(position) >= 300 + gap;
            if (gap == 0 || known) Assert.Equal(whole[0].Channel(0)[k], joined.Channel(0)[k]);
            else Assert.True(float.IsNaN(joined.Channel(0)[k]));
        }
    }

    [Fact]
    public void AfterALongGapTheCountJumps()
    {
        var before = Random(1, 360, 36);
        var after = Random(2, 360, 36) with { FirstSample = 3601, Start = Blocks.TimeOf(3601, 360) };
        var results = new[] { before, after }.ToObservable().Resample().Collect();
        Assert.Equal(5002, results[1].FirstSample);
        Assert.InRange((results[1].Start - Blocks.TimeOf(5002, 500)).Ticks, -2, 2);
        Assert.DoesNotContain(results[1].Samples, float.IsNaN);
    }

    [Fact]
    public void ACountThatStepsBackStartsAnew()
    {
        var block = Random(1, 250, 50);
        var results = new[] { block, block }.ToObservable().Resample().Collect();
        Assert.Equal(0, results[1].FirstSample);
        Assert.Equal(results[0].Samples, results[1].Samples);
    }

    [Fact]
    public void MarksAreCarriedEvenByBlocksThatCompleteNoSample()
    {
        var block = Random(1, 1000, 40);
        var parts = block.Cut(1).Select((part, i) => part with { LeadOff = i == 1 ? 0b10u : 0, Interpolated = i == 1 ? 1 : 0, Absent = 0b01 });
        var results = parts.ToObservable().Resample().Collect();
        Assert.Equal(20, results.Count);
        Assert.Equal(1, results.Sum(part => part.Interpolated));
        Assert.Equal([1], results.Select((part, i) => (part, i)).Where(pair => pair.part.LeadOff == 0b10).Select(pair => pair.i));
        Assert.All(results, part => Assert.Equal(0b01u, part.Absent));
    }

    /// <summary>After months the place of a sample is as exact as on the first day: it is reckoned from its number.</summary>
    [Fact]
    public void MonthsLaterTheStepIsStillExact()
    {
        const long days = 200L * 86400 * 360;
        var block = Blocks.Numbered(Two, 360, 360, days);
        var result = Assert.Single(Observable.Return(block).Resample().Collect());
        Assert.Equal(days / 360 * 500, result.FirstSample);
        for (var k = 0; k < result.Length; k += 25) Assert.Equal(block.Channel(0)[k / 25 * 18], result.Channel(0)[k]);
    }
}
