using System.Reactive.Concurrency;
using EcgFm.Acquisition.Devices;
using EcgFm.Acquisition.Frames;
using EcgFm.Acquisition.Profiles;
using EcgFm.Acquisition.Tests.Frames;
using EcgFm.Core;
using EcgFm.Testing;
using FsCheck.Xunit;

namespace EcgFm.Acquisition.Tests.Devices;

public sealed class EcgDeviceTests : IDisposable
{
    private static readonly DateTimeOffset Zero = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private readonly HistoricalScheduler _scheduler = new(Zero);
    private readonly ScriptedLine _line = new();
    private readonly FrameEncoder _encoder = new(FrameSamples.Format());
    private readonly Recorder _got = new();
    private readonly ListLogger _log = new();
    private readonly EcgDevice _device;

    public EcgDeviceTests() => _device = new EcgDevice(_line, scheduler: _scheduler, log: _log);

    public void Dispose() => _line.Dispose();

    [Fact]
    public async Task Frames_become_blocks_with_the_right_values_and_times()
    {
        using var subscription = _device.Blocks().Subscribe(_got);

        await At(0.020, FrameSamples.Info(_encoder));
        for (var i = 0; i < 100; i++) await At(0.020 * (i + 1), Frame(1000 + 10 * i));

        Assert.Equal(100, _got.Blocks.Count);
        for (var i = 0; i < 100; i++)
        {
            var block = _got.Blocks[i];
            Assert.Equal((10 * i, 10, 500.0), (block.FirstSample, block.Length, block.SampleRate));
            AssertTime(0.020 * i, block);
            Assert.Equal(FrameSamples.LeadOff((uint)(1000 + 10 * i)), block.LeadOff);
            AssertSamples(block, 1000, block.FirstSample);
        }

        Assert.All(_got.Blocks, b => Assert.Same(_got.Blocks[0].Channels, b.Channels));
        Assert.Equal(new DeviceStatistics { Frames = new FrameCounts(101, 0, 0, 0), Received = 1000 }, _device.Statistics);
    }

    [Fact]
    public async Task Gaps_are_bridged_or_left_open_and_every_instant_is_accounted_for()
    {
        using var subscription = _device.Blocks().Subscribe(_got);

        await At(0.02, FrameSamples.Info(_encoder));
        await At(0.02, Frame(0));
        await At(0.08, Frame(30));          // 20 instants lost: 40 ms
        await At(0.12, Frame(50));          // 10 lost
        await At(0.12, Frame(50));          // the same again
        await At(0.24, Frame(110));         // 50 lost
        await At(0.24, Frame(90));          // one of them, too late
        await At(0.26, Frame(120));

        Assert.Equal([(0, 10, 0), (10, 30, 20), (40, 20, 10), (110, 10, 0), (120, 10, 0)],
            _got.Blocks.Select(b => ((int)b.FirstSample, b.Length, b.Interpolated)));
        Assert.All(_got.Blocks, b => AssertTime(b.FirstSample / 500.0, b));
        foreach (var block in _got.Blocks) AssertSamples(block, 0, block.FirstSample, block.Interpolated);
        var bridged = _got.Blocks[1].Channel(3);
        Assert.Equal((_got.Blocks[0].Channel(3)[9] + bridged[20]) / 2, bridged[10] - (bridged[20] - _got.Blocks[0].Channel(3)[9]) / 42, 1e-4f);
        var s = _device.Statistics;
        Assert.Equal((50, 30, 50, 1, 1), (s.Received, s.Interpolated, s.Missing, s.Duplicates, s.Late));
    }

    [Property(MaxTest = 60)]
    public void Whatever_is_lost_repeated_or_late_the_sums_are_exact(int seed)
    {
        var random = new Random(seed);
        var sent = new List<int>();
        for (var i = 0; i < 300; i++)
        {
            if (i is not (0 or 299) && random.Next(8) == 0) continue;
            sent.Add(i);
            if (random.Next(8) == 0) sent.Add(i);
            if (sent.Count > 2 && i < 299 && random.Next(8) == 0) (sent[^1], sent[^2]) = (sent[^2], sent[^1]);
        }

        var blocks = new List<EcgBlock>();
        var assembler = new BlockAssembler("test", DeviceProfile.EcgFm, true, DeviceOptions.Default, _log, blocks.Add);
        var decoder = new FrameDecoder();
        assembler.Arrived(1, Zero, Zero);
        decoder.Decode(FrameSamples.Info(_encoder), assembler);
        foreach (var i in sent)
        {
            var arrival = Zero.AddSeconds(0.02 * i);
            assembler.Arrived(1, arrival, arrival);
            decoder.Decode(Frame(uint.MaxValue - 1000 + (uint)(10 * i)), assembler);
            if (random.Next(2) == 0) assembler.Flush();
        }

        assembler.Flush();
        var s = assembler.Statistics(decoder.Counts);
        var accepted = 0;
        var latest = -1;
        foreach (var i in sent)
            if (i > latest)
                (latest, accepted) = (i, accepted + 1);
        Assert.Equal(10 * accepted, s.Received);
        Assert.Equal(3000, s.Received + s.Interpolated + s.Missing);
        Assert.Equal(sent.Count - accepted, s.Duplicates + s.Late);
        Assert.Equal(3000 - s.Missing, blocks.Sum(b => b.Length));
        Assert.Equal(s.Interpolated, blocks.Sum(b => b.Interpolated));
        foreach (var block in blocks) AssertSamples(block, uint.MaxValue - 1000, block.FirstSample, block.Interpolated);
    }

    [Fact]
    public async Task A_restart_on_the_open_line_is_recognised_and_time_goes_on()
    {
        var restarted = new FrameEncoder(FrameSamples.Format(stream: 99));
        using var subscription = _device.Blocks().Subscribe(_got);

        await At(0.02, FrameSamples.Info(_encoder));
        await At(0.02, Frame(7000));
        await At(0.04, Frame(7010));
        await At(1.52, FrameSamples.Info(restarted));
        await At(1.52, FrameSamples.Samples(restarted, 0, 10));
        await At(1.54, FrameSamples.Samples(restarted, 10, 10));

        Assert.Equal([0, 10, 750, 760], _got.Blocks.Select(b => b.FirstSample));
        AssertTime(1.5, _got.Blocks[2]);
        Assert.Equal(0, _got.Blocks[2].Interpolated);
        Assert.Equal((1, 730), (_device.Statistics.Restarts, _device.Statistics.Missing));
        Assert.Same(_got.Blocks[0].Channels, _got.Blocks[3].Channels);
        Assert.Equal("scripted: the device has restarted.", _log.Lines[^1]);
    }

    [Fact]
    public async Task A_device_that_changes_what_it_measures_begins_a_new_stream()
    {
        using var subscription = _device.Blocks().Subscribe(_got);

        await At(0.02, FrameSamples.Info(_encoder));
        await At(0.02, Frame(0));
        await At(1, FrameSamples.Info(new FrameEncoder(FrameSamples.Format(rate: 250, stream: 2))));

        Assert.Equal(DeviceFault.Reconfigured, (await _got.FaultAsync()).Fault);
    }

    [Fact]
    public async Task Silence_is_a_stall()
    {
        using var subscription = _device.Blocks().Subscribe(_got);
        await At(0.02, FrameSamples.Info(_encoder));
        for (var i = 0; i < 10; i++) await At(2.5 * i + 0.02, Frame(1250 * i));

        _scheduler.AdvanceTo(Zero.AddSeconds(2.5 * 9 + 3.01));
        Assert.False(_got.End.IsCompleted);
        _scheduler.AdvanceTo(Zero.AddSeconds(2.5 * 9 + 3.03));

        var fault = await _got.FaultAsync();
        Assert.Equal(DeviceFault.Stalled, fault.Fault);
        Assert.Equal("scripted: the device has sent nothing for 3 s. Check that it is switched on and measuring.", fault.Message);
        Assert.True(_line.Closed.Task.IsCompleted);
    }

    [Fact]
    public async Task Bytes_without_a_frame_are_unintelligible()
    {
        var random = new Random(3);
        var noise = new byte[100];
        using var subscription = _device.Blocks().Subscribe(_got);

        for (var i = 0; i < 52 && !_got.End.IsCompleted; i++)
        {
            random.NextBytes(noise);
            await At(0.1 * i, noise);
        }

        var fault = await _got.FaultAsync();
        Assert.Equal(DeviceFault.Unintelligible, fault.Fault);
        Assert.Contains("baud rate", fault.Message, StringComparison.Ordinal);
        Assert.Empty(_got.Blocks);
        _ = Assert.Single(_log.Lines);
    }

    [Fact]
    public async Task Samples_that_nobody_explains_are_unintelligible()
    {
        using var subscription = _device.Blocks().Subscribe(_got);

        for (var i = 0; i < 52 && !_got.End.IsCompleted; i++) await At(0.1 * i, Frame(50 * i));

        var fault = await _got.FaultAsync();
        Assert.Equal(DeviceFault.Unintelligible, fault.Fault);
        Assert.Contains("info frame", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cut_line_is_closed_before_its_fault_is_told()
    {
        var closed = false;
        using var subscription = _device.Blocks().Subscribe(_got.OnNext, e =>
        {
            closed = _line.Closed.Task.IsCompleted;
            _got.OnError(e);
        });
        await _line.Asked;

        _line.Cut(new IOException("Input/output error"));

        Assert.Equal(DeviceFault.Disconnected, (await _got.FaultAsync()).Fault);
        Assert.True(closed);
    }

    [Fact]
    public async Task The_end_of_a_live_line_is_a_cut()
    {
        using var subscription = _device.Blocks().Subscribe(_got);
        await _line.Asked;

        _line.Cut();

        Assert.Equal(DeviceFault.Disconnected, (await _got.FaultAsync()).Fault);
    }

    [Fact]
    public async Task Disposing_closes_the_line_and_tells_nothing()
    {
        var subscription = _device.Blocks().Subscribe(_got);
        await _line.Asked;

        subscription.Dispose();

        await _line.Closed.Task.WaitAsync(TimeSpan.FromSeconds(30));
        _scheduler.AdvanceBy(TimeSpan.FromMinutes(1));
        Assert.False(_got.End.IsCompleted);
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task An_hour_comes_out_as_it_went_in_within_one_step_and_one_sample()
    {
        const double DriftPpm = 60;
        var format = FrameSamples.Format(["I", "II", "V1"]);
        using var bytes = new MemoryStream();
        var writer = new FrameWriter(bytes, format, 25);
        long expected = 0;
        double worst = 0;
        using var subscription = _device.Blocks().Subscribe(Check);

        for (var second = 0; second < 3600; second++)
        {
            bytes.SetLength(0);
            await writer.WriteAsync(Source(second * 500L, 500, format));
            for (var part = 0; part < 5; part++)
            {
                var from = (int)(bytes.Length * part / 5);
                var to = (int)(bytes.Length * (part + 1) / 5);
                // The last of the samples in these bytes was taken then, on a crystal that is a little fast.
                await At((second + (part + 1) / 5.0) / (1 + DriftPpm / 1e6), bytes.GetBuffer()[from..to]);
            }
        }

        Assert.Equal(3600 * 500, expected);
        Assert.InRange(worst, 0, 0.002);
        Assert.InRange(_device.Statistics.DriftPpm, DriftPpm - 5, DriftPpm + 5);

        void Check(EcgBlock block)
        {
            Assert.Equal(expected, block.FirstSample);
            expected += block.Length;
            var taken = Zero.AddSeconds(block.FirstSample / 500.0 / (1 + DriftPpm / 1e6));
            // The first piece ends in the middle of a frame; the clock takes two seconds to find the least delay.
            if (expected > 1000) worst = Math.Max(worst, (block.Start - taken).Duration().TotalSeconds);
            var source = Source(block.FirstSample, block.Length, format);
            for (var i = 0; i < block.Samples.Length; i++)
                if (Math.Abs(block.Samples[i] - source.Samples[i]) > 0.5f * 47.7e-6f)
                    Assert.Fail($"Sample {block.FirstSample} + {i} is {block.Samples[i]} and was {source.Samples[i]}.");
        }
    }

    [Fact]
    public async Task A_missing_sample_is_missing_at_the_other_end_too()
    {
        var format = FrameSamples.Format(["I", "II", "V1"]);
        using var bytes = new MemoryStream();
        var block = Source(0, 500, format);
        for (var i = 100; i < 200; i++) block.Samples[500 + i] = float.NaN;
        await new FrameWriter(bytes, format).WriteAsync(block);
        using var subscription = _device.Blocks().Subscribe(_got);

        await At(1, bytes.ToArray());

        Assert.Equal((400, 0, 100), (_device.Statistics.Received, _device.Statistics.Interpolated, _device.Statistics.Missing));
        Assert.Contains(_got.Blocks, b => b.FirstSample == 200);
    }

    [Fact]
    public void A_framing_that_nobody_knows_is_refused() =>
        Assert.Throws<NotSupportedException>(() => new DeviceProfile { Name = "mine", Framing = new FramingSettings { Kind = "other" } }.CreateDecoder("port"));

    private static EcgBlock Source(long first, int length, StreamFormat format)
    {
        var samples = new float[length * format.Channels.Count];
        for (var channel = 0; channel < format.Channels.Count; channel++)
            for (var i = 0; i < length; i++)
                samples[channel * length + i] = (float)(1.5 * Math.Sin((first + i) * 0.02 * (channel + 1)));
        return new EcgBlock { Channels = format.Channels, SampleRate = format.SampleRate, FirstSample = first, Start = Zero, Samples = samples };
    }

    private static void AssertTime(double seconds, EcgBlock block) =>
        Assert.Equal(seconds, (block.Start - Zero).TotalSeconds, 1e-6);

    private static void AssertSamples(EcgBlock block, uint counter, long first, int from = 0)
    {
        for (var channel = 0; channel < block.Channels.Count; channel++)
            for (var i = from; i < block.Length; i++)
                if (Math.Abs(block.Channel(channel)[i] - FrameSamples.Value(counter + (uint)(first + i), channel) * 47.684e-6) > 1e-4)
                    Assert.Fail($"Channel {channel} is wrong at {first + i}.");
    }

    private byte[] Frame(long counter) => FrameSamples.Samples(_encoder, (uint)counter, 10);

    /// <summary>Lets the time come, and then the bytes.</summary>
    private async Task At(double seconds, byte[] bytes)
    {
        await _line.Asked;
        var time = Zero.AddSeconds(seconds);
        if (time > _scheduler.Now) _scheduler.AdvanceTo(time);
        await _line.SendAsync(bytes).WaitAsync(TimeSpan.FromSeconds(30));
    }
}
