using System.Reactive.Linq;
using System.Reactive.Subjects;
using EcgFm.Core;

namespace EcgFm.Signal.Tests;

/// <summary>What the stages cost in memory: their results and little beside, nothing per sample.</summary>
public class AllocationTests
{
    /// <summary>Room for the objects around an array: block, array header, rounding.</summary>
    private const int Overhead = 300;

    /// <summary>
    /// Arrays from this many bytes on bring collections of their own with every few, and each collection can cost what is left of the thread's buffer
    /// (the runtime's allocation quantum is 8 KiB): a hundredth of such an array.
    /// </summary>
    private const int LargeObject = 85_000, AllocationBuffer = 8192;

    private static readonly ChannelLayout Source = new(["MLII", "V1", "I"]);

    private const int Rounds = 6, WarmUp = 2;

    /// <summary>
    /// Bytes allocated by a round of calls, after some to warm up: the least of several, for a collection that another test causes can cost a round
    /// what is left of the thread's allocation buffer.
    /// </summary>
    private static long Allocated(int calls, Action<int> call)
    {
        var least = long.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = round * calls; i < (round + 1) * calls; i++) call(i);
            if (round >= WarmUp) least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    [Theory]
    [InlineData(18)]
    [InlineData(360)]
    [InlineData(36000)]
    public void LeadsAndResamplingCostTheirResultsOnly(int length)
    {
        const int calls = 20;
        var blocks = Blocks.Numbered(Source, 360, length * Rounds * calls).Cut(length).ToArray();
        long samples = 0;
        using var subject = new Subject<EcgBlock>();
        using var subscription = subject.ToStandardLeads().Resample().Subscribe(block => samples += block.Samples.Length);
        var bytes = Allocated(calls, i => subject.OnNext(blocks[i]));
        var results = (calls * StandardLeads.Count * length * sizeof(float)) + (samples / Rounds * sizeof(float));
        var large = StandardLeads.Count * length * sizeof(float) >= LargeObject;
        Assert.InRange(bytes, 1, results + (calls * 2 * (Overhead + (large ? AllocationBuffer : 0))));
    }

    [Theory]
    [InlineData(10, 10)]
    [InlineData(10, 1)]
    [InlineData(500, 10)]
    [InlineData(500, 1)]
    public void WindowsCostOneArrayEachAndBlocksNothing(int length, int hopSeconds)
    {
        const int seconds = 60;
        var calls = seconds * 500 / length;
        var blocks = Blocks.Numbered(StandardLeads.Layout, 500, length * Rounds * calls).Cut(length).ToArray();
        using var subject = new Subject<EcgBlock>();
        using var subscription = subject.Windows(TimeSpan.FromSeconds(hopSeconds)).Subscribe(_ => { });
        var bytes = Allocated(calls, i => subject.OnNext(blocks[i]));
        var windows = seconds / hopSeconds;
        Assert.InRange(bytes, 0, windows * ((EcgWindow.Length * StandardLeads.Count * sizeof(float)) + (2 * Overhead)));
    }

    [Theory]
    [InlineData(InputFilter.None)]
    [InlineData(InputFilter.BandPass)]
    public void PreparingIntoGivenMemoryCostsNothing(InputFilter filter)
    {
        var window = PreparationTests.Window((Lead.I, i => i % 91), (Lead.V1, i => i % 7 == 0 ? float.NaN : i % 13));
        var result = new float[window.Samples.Length];
        var preparation = new WindowPreparation(filter);
        Assert.InRange(Allocated(20, _ => preparation.Prepare(window, result)), 0, 20 * 100);
    }

    [Fact]
    public void AssessingCostsItsResultsOnly()
    {
        var window = PreparationTests.Window((Lead.I, i => i % 400 < 20 ? 1 : 0.1f * (i % 3)), (Lead.V1, i => i % 400 < 20 ? -1 : 0));
        Assert.InRange(Allocated(20, _ => QualityAssessor.Assess(window)), 0, 20 * 4000);
    }
}
