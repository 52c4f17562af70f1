using System.Reactive.Linq;
using System.Reactive.Subjects;
using EcgFm.Core;
using FsCheck;
using FsCheck.Xunit;

namespace EcgFm.Signal.Tests;

public class WindowsTests
{
    private const int Length = EcgWindow.Length;

    private static EcgBlock Run(int from, int length) => Blocks.Numbered(StandardLeads.Layout, 500, length, from);

    /// <summary>Every sample is in exactly the windows that it should be, and each window has index, time and missing samples right, whatever is lost.</summary>
    [Property(MaxTest = 60)]
    public void EverySampleIsInTheWindowsThatItShouldBe((PositiveInt Length, byte Gap)[] pieces, byte hopChoice, bool finite)
    {
        long hop = new[] { 5000, 500, 1250, 4999, 7001, 12000 }[hopChoice % 6];
        var blocks = new List<EcgBlock>();
        var at = 0;
        foreach (var (length, gap) in pieces)
        {
            // Mostly none, sometimes short, sometimes about a window, sometimes longer.
            at += gap % 8 < 5 ? 0 : gap % 8 == 5 ? gap : gap % 8 == 6 ? 4990 + (gap % 32) : 9000;
            var block = Run(at, length.Get * 131 % 2900 + 1);
            blocks.Add(block);
            at += block.Length;
        }

        var windows = blocks.ToObservable().Windows(TimeSpan.FromSeconds(hop / 500.0), finite).Collect();
        var expected = Starts(blocks, hop, finite);
        Assert.Equal(expected.Select(start => start.First), windows.Select(window => window.FirstSample));

        for (var i = 0; i < windows.Count; i++)
        {
            var window = windows[i];
            var model = new float[StandardLeads.Count * Length];
            Array.Fill(model, float.NaN);
            foreach (var block in blocks.Where(block => block.FirstSample < expected[i].KnownUntil))
                for (var lead = 0; lead < StandardLeads.Count; lead++)
                    for (var k = 0; k < block.Length; k++)
                        if (block.FirstSample + k - window.FirstSample is >= 0 and < Length and var place)
                            model[(lead * Length) + place] = block.Channel(lead)[k];
            Assert.Equal(model, window.Samples);
            Assert.Equal(i, window.Index);
            Assert.Equal(Blocks.TimeOf(window.FirstSample, 500), window.Start);
            for (var lead = 0; lead < StandardLeads.Count; lead++)
                Assert.Equal(window.Of((Lead)lead).ToArray().Count(float.IsNaN), window.Missing[lead]);
        }
    }

    /// <summary>Where windows should start, found the slow way; a run is what lies between losses of more than a window.</summary>
    private static List<(long First, long KnownUntil)> Starts(List<EcgBlock> blocks, long hop, bool finite)
    {
        var starts = new List<(long, long)>();
        for (var i = 0; i < blocks.Count;)
        {
            var (first, end) = (blocks[i].FirstSample, blocks[i].FirstSample + blocks[i].Length);
            for (i++; i < blocks.Count && blocks[i].FirstSample - end <= Length; i++) end = blocks[i].FirstSample + blocks[i].Length;
            var start = first;
            for (; start + Length <= end; start += hop) starts.Add((start, end));
            var seen = starts.Count > 0 && start > first ? start - hop + Length : first;
            if (i < blocks.Count) { if (end > start) starts.Add((start, end)); }
            else if (finite && end - start >= Length / 2 && end > seen) starts.Add((hop > Length || end - first < Length ? start : end - Length, end));
        }

        return starts;
    }

    /// <summary>However a stream is cut into blocks, the windows are the same.</summary>
    [Property(MaxTest = 30)]
    public void CutsLeaveNoTrace(PositiveInt[] cuts)
    {
        var block = Run(0, 17000);
        int[] pieces = [.. cuts.Select(cut => cut.Get * 37), 50];
        var one = Observable.Return(block).Windows(TimeSpan.FromSeconds(3)).Collect();
        var many = block.Cut(pieces).ToObservable().Windows(TimeSpan.FromSeconds(3)).Collect();
        Assert.Equal(9, one.Count);
        Assert.Equal(one.Select(window => window.FirstSample), many.Select(window => window.FirstSample));
        foreach (var (a, b) in one.Zip(many)) Assert.Equal(a.Samples, b.Samples);
    }

    [Fact]
    public void AWindowComesWithItsLastSample()
    {
        using var source = new Subject<EcgBlock>();
        var windows = new List<EcgWindow>();
        using var subscription = source.Windows().Subscribe(windows.Add);
        source.OnNext(Run(0, 4999));
        Assert.Empty(windows);
        source.OnNext(Run(4999, 1));
        Assert.Single(windows);
    }

    [Fact]
    public void ALossOfMoreThanAWindowCompletesTheOneUnderWayAndStartsAnew()
    {
        var windows = new[] { Run(0, 600), Run(1_000_000, 5000) }.ToObservable().Windows(TimeSpan.FromSeconds(1)).Collect();
        Assert.Equal([0, 1_000_000], windows.Select(window => window.FirstSample));
        Assert.Equal([4400, 0], windows.Select(window => window.Missing[0]));
    }

    [Fact]
    public void ACountThatStepsBackStartsAnew()
    {
        var windows = new[] { Run(9000, 600), Run(0, 5000) }.ToObservable().Windows().Collect();
        Assert.Equal([9000, 0], windows.Select(window => window.FirstSample));
        Assert.Equal([4400, 0], windows.Select(window => window.Missing[0]));
    }

    [Theory]
    [InlineData(2499)]
    [InlineData(2500, 0)]
    [InlineData(5000, 0)]
    [InlineData(7499, 0)]
    [InlineData(7500, 0, 2500)]
    [InlineData(8800, 0, 3800)]
    [InlineData(10000, 0, 5000)]
    public void TheLastHalfWindowOfARecordIsInItsLastTenSecondsAndAShorterRecordIsPadded(int length, params int[] firsts)
    {
        var windows = Run(0, length).Cut(700).ToObservable().Windows(finite: true).Collect();
        Assert.Equal(firsts.Select(first => (long)first), windows.Select(window => window.FirstSample));
        Assert.Equal(length / Length, Run(0, length).Cut(700).ToObservable().Windows().Collect().Count);
        if (firsts.Length > 0) Assert.Equal(Math.Max(0, Length - length), windows[^1].Missing[3]);
    }

    [Fact]
    public void TheLastTenSecondsOfARecordKnowWhichLeadsWereOffInThem()
    {
        var blocks = Run(0, 7600).Cut(100).Select((block, i) => block with { LeadOff = i switch { 25 => 0b1u, 26 => 0b100u, _ => 0 }, Interpolated = i == 49 ? 3 : 0 });
        var last = blocks.ToObservable().Windows(finite: true).Collect()[^1];
        Assert.Equal((2600, LeadSet.Of(Lead.III), 3), (last.FirstSample, last.LeadOff, last.Interpolated));
    }

    [Fact]
    public void LeadOffIsThatOfAnyBlockInTheWindowAndInterpolatedTheirSum()
    {
        var blocks = Run(0, 15000).Cut(100).Select((block, i) => block with
        {
            LeadOff = i switch { 20 => 0b1u, 70 => 0b100u, _ => 0 },
            Interpolated = i == 49 || i == 50 ? 2 : 0,
        });
        var windows = blocks.ToObservable().Windows(TimeSpan.FromSeconds(5)).Collect();
        Assert.Equal(
            [LeadSet.Of(Lead.I), LeadSet.Of(Lead.III), LeadSet.Of(Lead.III), LeadSet.None, LeadSet.None], windows.Select(window => window.LeadOff));
        Assert.Equal([2, 4, 2, 0, 0], windows.Select(window => window.Interpolated));
    }

    [Fact]
    public void AnAbsentLeadIsZeroAndNotMissing()
    {
        var blocks = new[] { Run(0, 3000), Run(3500, 1500) }.Select(block => block with { Absent = 0b10 });
        var window = Assert.Single(blocks.ToObservable().Windows().Collect());
        Assert.Equal(LeadSet.Of(Lead.II), window.Absent);
        Assert.Equal(0, window.Missing[1]);
        Assert.Equal(500, window.Missing[0]);
        Assert.All(window.Of(Lead.II).ToArray(), sample => Assert.Equal(0, sample));
    }

    [Fact]
    public void ALeadThatIsThereInOnePartOnlyIsMissingInTheOther()
    {
        var window = Assert.Single(new[] { Run(0, 3000), Run(3000, 2000) with { Absent = 0b10 } }.ToObservable().Windows().Collect());
        Assert.Equal(LeadSet.None, window.Absent);
        Assert.Equal(2000, window.Missing[1]);
        Assert.Equal(0, window.Missing[0]);
    }

    [Fact]
    public void BlocksOfAnotherRateOrLayoutAreRefusedByASentence()
    {
        var rate = Assert.Throws<InvalidOperationException>(() => Observable.Return(Run(0, 10) with { SampleRate = 360 }).Windows().Collect());
        Assert.Contains("360", rate.Message, StringComparison.Ordinal);
        var layout = Blocks.Numbered(new ChannelLayout(["I"]), 500, 10);
        Assert.Throws<InvalidOperationException>(() => Observable.Return(layout).Windows().Collect());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(0.0033)]
    public void TheHopIsAWholePositiveNumberOfSamples(double seconds) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Observable.Never<EcgBlock>().Windows(TimeSpan.FromSeconds(seconds)));
}
