using System.Reactive.Concurrency;
using System.Reactive.Linq;
using EcgFm.Acquisition.Simulation;
using EcgFm.Core;

namespace EcgFm.Acquisition.Tests.Simulation;

public class SimulatorSourceTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Blocks_come_in_time()
    {
        var clock = new HistoricalScheduler(Noon);
        List<(DateTimeOffset At, EcgBlock Block)> blocks = [];
        var completed = false;
        new SimulatorSource(RhythmScript.Parse("sinus:600s"), sampleRate: 100, scheduler: clock).Blocks()
            .Subscribe(block => blocks.Add((clock.Now, block)), () => completed = true);
        clock.AdvanceBy(TimeSpan.FromSeconds(600));
        Assert.True(completed);
        Assert.Equal(600 * 25, blocks.Count);
        Assert.All(blocks, item => Assert.Equal(item.Block.Start + TimeSpan.FromMilliseconds(40), item.At));
        Assert.Equal(StandardLeads.Names.AsEnumerable(), blocks[0].Block.Channels.Names);
    }

    [Fact]
    public async Task A_patient_without_end_stops_when_nobody_listens()
    {
        var source = new SimulatorSource(RhythmScript.Parse("af"), speed: PlaybackSpeed.Max, blockDuration: TimeSpan.FromSeconds(1));
        Assert.Equal(3600, await source.Blocks().Take(3600).Count());
    }

    [Fact]
    public void A_record_holds_the_samples_and_the_truth()
    {
        using var folder = new TemporaryFolder();
        const string Script = "sinus:20s,af:20s,bigeminy:20s";
        var record = SimulatedRecord.Write(folder["patient_1"], RhythmScript.Parse(Script), seed: 9, start: Noon);
        var direct = new Simulated(Script, 9, NoiseLevels.Quiet);
        Assert.Equal((500.0, 30000, Noon), (record.SampleRate, record.Length, record.Header.Start));
        Assert.Equal(StandardLeads.Names.AsEnumerable(), record.Channels.Names);
        Assert.Equal(16, record.Signals[0].Format);
        var samples = record.ReadAll();
        for (var i = 0; i < samples.Length; i++) Assert.Equal(direct.Samples[i], samples[i], 0.00051f);
        var annotations = record.ReadAnnotations();
        Assert.Equal(direct.Annotations, annotations.Items);
        Assert.Equal([new("N", 0, 10000), new("AFIB", 10000, 20000), new("B", 20000, 30000)], annotations.Rhythms(record.Length).AsEnumerable());
        Assert.Contains("seed 9", record.Header.Info[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_needs_an_end()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<ArgumentException>(() => SimulatedRecord.Write(folder["a"], RhythmScript.Parse("sinus:5s,af")));
        Assert.False(File.Exists(folder["a.dat"]));
    }
}
