using System.Reactive.Concurrency;
using System.Reactive.Linq;
using EcgFm.Acquisition.Wfdb;
using EcgFm.Core;
using EcgFm.Testing;

namespace EcgFm.Acquisition.Tests.Wfdb;

public sealed class WfdbSourceTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("1", 1)]
    [InlineData("60", 60)]
    [InlineData("0.25", 0.25)]
    public void A_paced_hour_comes_exactly_on_time(string speed, double factor)
    {
        var record = Write(seconds: 3600, rate: 100);
        var clock = new HistoricalScheduler(Noon);
        List<(DateTimeOffset At, EcgBlock Block)> blocks = [];
        var completed = false;
        using var subscription = new WfdbSource(record, PlaybackSpeed.Parse(speed), scheduler: clock).Blocks()
            .Subscribe(block => blocks.Add((clock.Now, block)), () => completed = true);
        clock.AdvanceTo(Noon);
        clock.AdvanceBy(TimeSpan.FromSeconds(3600 / factor));
        Assert.True(completed);
        Assert.Equal(3600 * 25, blocks.Count);
        for (var i = 0; i < blocks.Count; i++)
        {
            var (at, block) = blocks[i];
            Assert.Equal(i * 4, block.FirstSample);
            Assert.Equal(TimeSpan.FromSeconds((i + 1) * 0.04 / factor).TotalSeconds, (at - Noon).TotalSeconds, 1e-6);
            Assert.Equal(Noon + i * TimeSpan.FromMilliseconds(40), block.Start);
        }
    }

    [Fact]
    public void Nothing_is_read_before_it_is_due()
    {
        var clock = new HistoricalScheduler(Noon);
        var count = 0;
        using var subscription = new WfdbSource(Write(10, 100), scheduler: clock).Blocks().Subscribe(_ => count++);
        Assert.Equal(0, count);
        clock.AdvanceBy(TimeSpan.FromMilliseconds(39));
        Assert.Equal(0, count);
        clock.AdvanceBy(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, count);
        clock.AdvanceBy(TimeSpan.FromMilliseconds(41));
        Assert.Equal(2, count);
    }

    [Fact]
    public void A_slow_consumer_delays_only_what_was_due_meanwhile()
    {
        var clock = new HistoricalScheduler(Noon);
        List<double> at = [];
        using var subscription = new WfdbSource(Write(1, 100), scheduler: clock).Blocks().Subscribe(_ =>
        {
            at.Add((clock.Now - Noon).TotalMilliseconds);
            if (at.Count == 3) clock.Sleep(TimeSpan.FromMilliseconds(100));
        });
        clock.AdvanceBy(TimeSpan.FromMilliseconds(400));
        Assert.Equal([40, 80, 120, 220, 220, 240, 280, 320, 360, 400], at);
    }

    [Fact]
    public void Full_speed_plays_everything_without_time()
    {
        var clock = new HistoricalScheduler(Noon);
        var blocks = 0;
        using var subscription = new WfdbSource(Write(60, 100), PlaybackSpeed.Max, scheduler: clock).Blocks().Subscribe(_ => blocks++);
        clock.Start();
        Assert.Equal((60 * 25, Noon), (blocks, clock.Now));
    }

    [Fact]
    public async Task Full_speed_stops_when_nobody_listens_any_more()
    {
        var record = Write(3600, 100);
        Assert.Equal(5, await new WfdbSource(record, PlaybackSpeed.Max).Blocks().Take(5).Count());

        await AsyncWait.UntilAsync(IsClosed);

        // Then it can be opened exclusively.
        bool IsClosed()
        {
            try
            {
                using var file = new FileStream(_folder["r.dat"], FileMode.Open, FileAccess.ReadWrite, FileShare.None);
                return true;
            }
            catch (IOException)
            {
                return false;
            }
        }
    }

    [Fact]
    public void Disposing_ends_a_paced_play_even_from_within()
    {
        var clock = new HistoricalScheduler(Noon);
        var count = 0;
        IDisposable? subscription = null;
        subscription = new WfdbSource(Write(10, 100), scheduler: clock).Blocks().Subscribe(_ =>
        {
            if (++count == 3) subscription!.Dispose();
        });
        clock.AdvanceBy(TimeSpan.FromSeconds(10));
        Assert.Equal(3, count);
        using var file = new FileStream(_folder["r.dat"], FileMode.Open, FileAccess.ReadWrite, FileShare.None);
    }

    [Fact]
    public void Every_subscription_begins_at_the_first_sample()
    {
        var clock = new HistoricalScheduler(Noon);
        var source = new WfdbSource(Write(1, 100), PlaybackSpeed.Max, TimeSpan.FromMilliseconds(300), scheduler: clock);
        List<long> firsts = [];
        source.Blocks().Subscribe(block => firsts.Add(block.FirstSample));
        source.Blocks().Subscribe(block => firsts.Add(block.FirstSample));
        clock.Start();
        Assert.Equal([0, 0, 30, 30, 60, 60, 90, 90], firsts);
    }

    [Fact]
    public void The_records_own_date_comes_before_the_given_start()
    {
        var clock = new HistoricalScheduler(Noon);
        var given = Noon.AddDays(-1);
        Assert.Equal(given, FirstStart(Write(1, 100), given, clock));
        Assert.Equal(Noon.AddYears(-1), FirstStart(Write(1, 100, Noon.AddYears(-1)), given, clock));
        Assert.Equal(Noon, FirstStart(Write(1, 100), null, clock));
    }

    [Fact]
    public void A_wrong_checksum_ends_the_sequence_with_its_error_after_the_last_block()
    {
        var record = Write(1, 100);
        File.WriteAllBytes(_folder["r.dat"], [.. File.ReadAllBytes(_folder["r.dat"]).Select(b => (byte)(b ^ 3))]);
        var clock = new HistoricalScheduler(Noon);
        var blocks = 0;
        Exception? error = null;
        new WfdbSource(record, scheduler: clock).Blocks().Subscribe(_ => blocks++, e => error = e);
        clock.AdvanceBy(TimeSpan.FromSeconds(2));
        Assert.Equal(25, blocks);
        Assert.IsType<WfdbException>(error);
    }

    [Fact]
    public void A_file_that_vanished_is_an_error_of_the_sequence()
    {
        var record = Write(1, 100);
        File.Delete(_folder["r.dat"]);
        var clock = new HistoricalScheduler(Noon);
        Exception? error = null;
        new WfdbSource(record, scheduler: clock).Blocks().Subscribe(_ => { }, e => error = e);
        clock.AdvanceBy(TimeSpan.FromSeconds(2));
        Assert.Contains("r.dat, which is not there", Assert.IsType<WfdbException>(error).Message, StringComparison.Ordinal);
    }

    private static DateTimeOffset FirstStart(WfdbRecord record, DateTimeOffset? start, HistoricalScheduler clock)
    {
        EcgBlock? first = null;
        new WfdbSource(record, PlaybackSpeed.Max, start: start, scheduler: clock).Blocks().Take(1).Subscribe(block => first = block);
        clock.Start();
        return first!.Start;
    }

    private WfdbRecord Write(int seconds, double rate, DateTimeOffset? start = null)
    {
        using (var writer = new WfdbRecordWriter(_folder["r"], new ChannelLayout(["MLII"]), rate) { Start = start })
            writer.Write([.. Enumerable.Range(0, (int)(seconds * rate)).Select(i => i % 1000 / 1000f)]);
        return WfdbRecord.Open(_folder["r"]);
    }
}
