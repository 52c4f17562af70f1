using EcgFm.Acquisition.Devices;
using EcgFm.Acquisition.Tests.Devices;
using EcgFm.Core;
using EcgFm.Testing;

namespace EcgFm.Acquisition.Tests.Emulation;

/// <summary>Each board, as its maker describes it, through dialogue, frames and device.</summary>
public class BoardTests
{
    public static TheoryData<string> Boards =>
        ["ecgfm", "openbci-cyton", "openbci-cyton-daisy", "healthypi5", "protocentral-ads1293", "hackeeg-ads1298", "hackeeg-ads1298-messagepack"];

    [Theory]
    [MemberData(nameof(Boards))]
    public async Task An_hour_comes_out_as_it_went_in_within_one_step_and_one_sample(string name)
    {
        const double DriftPpm = 60;
        var profile = VirtualBoard.Profile(name);
        using var board = new VirtualBoard(profile, DriftPpm);
        var device = new EcgDevice(board, profile, scheduler: board.Scheduler);
        long expected = -1;
        double worstTime = 0, worstStep = 0;
        using var subscription = device.Blocks().Subscribe(Check);

        await board.RunAsync(3610, step: 0.1);

        var rate = board.Board.SampleRate;
        Assert.InRange(expected, 3600 * rate, 3612 * rate);
        Assert.InRange(worstTime, 0, 1 / rate);
        Assert.InRange(worstStep, 0, 0.5 + 1e-3);
        var s = device.Statistics;
        Assert.Equal((0, 0, 0, 0, 0), (s.Missing, s.Interpolated, s.Duplicates, s.Late, s.Restarts));
        Assert.InRange(s.DriftPpm, DriftPpm - 10, DriftPpm + 10);
        Assert.Equal(profile.Settling.TotalSeconds * rate, s.Settled, rate * 0.01);

        void Check(EcgBlock block)
        {
            if (expected < 0) expected = block.FirstSample;
            Assert.Equal(expected, block.FirstSample);
            expected += block.Length;
            var first = board.FirstSent + block.FirstSample;
            // The clock takes two seconds to find the least delay of the line.
            if (expected > 4 * block.SampleRate) worstTime = Math.Max(worstTime, Math.Abs((block.Start - board.TimeOf(first)).TotalSeconds));
            for (var channel = 0; channel < block.Channels.Count; channel++)
            {
                if (!StandardLeads.TryParse(block.Channels.Names[channel], out var lead)) continue;
                var step = profile.Channels.IsEmpty ? 1e-3 : Math.Abs(profile.Channels[channel].MicrovoltsPerCount) / 1e3;
                // HealthyPi's code stands in the upper 18 of 24 bits: its step is 64 counts.
                if (name == "healthypi5") step *= 64;
                var samples = block.Channel(channel);
                for (var i = 0; i < samples.Length; i++)
                    worstStep = Math.Max(worstStep, (Math.Abs(samples[i] - VirtualBoard.Source((int)lead, first + i, block.SampleRate)) - 1e-7) / step);
            }
        }
    }

    [Theory]
    [InlineData("openbci-cyton", 0b10u, "II")]
    [InlineData("hackeeg-ads1298", 0b1000_0001u, "I V6")]
    [InlineData("hackeeg-ads1298-messagepack", 0b100u, "V1")]
    [InlineData("ecgfm", 0b1000_0000_0000u, "V6")]
    public async Task An_electrode_that_is_off_is_told(string name, uint inputs, string leads)
    {
        var profile = VirtualBoard.Profile(name);
        using var board = new VirtualBoard(profile) { LeadOff = inputs };
        var got = new Recorder();
        using var subscription = new EcgDevice(board, profile, scheduler: board.Scheduler).Blocks().Subscribe(got);

        await board.RunAsync(8);
        board.LeadOff = 0;
        await board.RunAsync(1);

        Assert.Equal(leads, string.Join(' ', Off(got.Blocks[0])));
        Assert.Empty(Off(got.Blocks[^1]));

        static IEnumerable<string> Off(EcgBlock block) => block.Channels.Names.Where((_, channel) => (block.LeadOff >> channel & 1) != 0);
    }

    /// <summary>Back by what an 8-bit counter of 250 Hz holds, and by what it does not; forward by what looks like a loss.</summary>
    [Theory]
    [MemberData(nameof(Boards))]
    public async Task A_host_that_sets_its_clock_loses_no_sample_and_moves_none(string name)
    {
        var profile = VirtualBoard.Profile(name);
        using var board = new VirtualBoard(profile);
        var (clock, got) = (new SettableScheduler(board.Scheduler), new Recorder());
        var device = new EcgDevice(board, profile, scheduler: clock);
        using var subscription = device.Blocks().Subscribe(got);
        await board.RunAsync(10);

        foreach (var seconds in (double[])[0.8, -0.8, -0.6, 5, -5, 3600])
        {
            clock.Offset += TimeSpan.FromSeconds(seconds);
            await board.RunAsync(10);
        }

        var s = device.Statistics;
        Assert.Equal((0, 0, 0, 0, 0), (s.Missing, s.Interpolated, s.Duplicates, s.Late, s.Restarts));
        Assert.Equal(board.Taken - board.FirstSent, s.Received + s.Settled);
        Assert.All(got.Blocks.Zip(got.Blocks.Skip(1)), pair => Assert.Equal(pair.First.FirstSample + pair.First.Length, pair.Second.FirstSample));
        Assert.InRange(s.DriftPpm, -50, 50);
        // Their times follow it.
        var end = got.Blocks[^1].Start + TimeSpan.FromSeconds(got.Blocks[^1].Length / board.Board.SampleRate);
        Assert.Equal(clock.Now, end, TimeSpan.FromSeconds(1 / board.Board.SampleRate + 1e-6));
    }

    [Theory]
    [MemberData(nameof(Boards))]
    public async Task Two_seconds_that_never_came_are_missing_and_time_goes_on(string name)
    {
        var silent = false;
        var profile = VirtualBoard.Profile(name);
        using var board = new VirtualBoard(profile) { OnTheWay = bytes => silent ? [] : bytes };
        var got = new Recorder();
        var device = new EcgDevice(board, profile, scheduler: board.Scheduler);
        using var subscription = device.Blocks().Subscribe(got);
        await board.RunAsync(20);

        var before = board.Taken;
        silent = true;
        await board.RunAsync(2);
        silent = false;
        var lost = board.Taken - before;
        await board.RunAsync(5);

        var rate = board.Board.SampleRate;
        // A counter is exact; without one, the gap is what time says.
        var s = device.Statistics;
        Assert.Equal(lost, s.Missing + s.Interpolated, profile.CounterBits > 0 ? 0 : rate * 0.06);
        Assert.Equal(0, s.Restarts);
        var last = got.Blocks[^1];
        Assert.Equal(0, (last.Start - board.TimeOf(board.FirstSent + last.FirstSample)).TotalSeconds, 0.06);
        if (profile.CounterBits > 0) Assert.Equal(VirtualBoard.Source(0, board.FirstSent + last.FirstSample, rate), last.Channel(0)[0], 0.002);
    }

    [Fact]
    public async Task A_board_that_was_left_in_the_middle_of_sending_starts_anew()
    {
        var profile = VirtualBoard.Profile("hackeeg-ads1298-messagepack");
        using var board = new VirtualBoard(profile);
        board.Board.Receive("messagepack\n{\"COMMAND\":\"rdatac\"}\n"u8);
        var got = new Recorder();
        using var subscription = new EcgDevice(board, profile, scheduler: board.Scheduler).Blocks().Subscribe(got);

        await board.RunAsync(10);

        Assert.True(got.Blocks.Count > 100);
        Assert.False(got.End.IsCompleted);
    }

    [Fact]
    public async Task The_board_is_told_to_stop_when_nobody_listens_any_more()
    {
        var profile = VirtualBoard.Profile("openbci-cyton");
        using var board = new VirtualBoard(profile);
        var got = new Recorder();
        var subscription = new EcgDevice(board, profile, scheduler: board.Scheduler).Blocks().Subscribe(got);
        await board.RunAsync(5);
        Assert.True(board.Board.Streaming);

        subscription.Dispose();
        await board.RunAsync(1);

        Assert.False(board.Board.Streaming);
    }

    [Theory]
    [InlineData("openbci-cyton", DeviceFault.Unresponsive, "the device does not answer when it is told to start (\"v\"). The dongle may be there")]
    [InlineData("hackeeg-ads1298", DeviceFault.Unresponsive, "The Arduino needs the HackEEG driver")]
    [InlineData("healthypi5", DeviceFault.Stalled, "has sent nothing for 3 s")]
    public async Task A_silent_device_is_said_so(string name, DeviceFault fault, string words)
    {
        var profile = VirtualBoard.Profile(name);
        using var board = new VirtualBoard(profile) { OnTheWay = _ => [] };
        var got = new Recorder();
        using var subscription = new EcgDevice(board, profile, scheduler: board.Scheduler).Blocks().Subscribe(got);

        await board.RunAsync(20);

        var said = await got.FaultAsync();
        Assert.Equal(fault, said.Fault);
        Assert.Contains(words, said.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openbci-cyton", "healthypi5", DeviceFault.Unresponsive)]
    [InlineData("openbci-cyton", "ecgfm", DeviceFault.Unresponsive)]
    [InlineData("hackeeg-ads1298", "protocentral-ads1293", DeviceFault.Unresponsive)]
    [InlineData("healthypi5", "protocentral-ads1293", DeviceFault.Unintelligible)]
    [InlineData("protocentral-ads1293", "ecgfm", DeviceFault.Unintelligible)]
    [InlineData("ecgfm", "healthypi5", DeviceFault.Unintelligible)]
    public async Task The_wrong_device_on_the_port_is_said_so(string profile, string board, DeviceFault fault)
    {
        using var other = new VirtualBoard(VirtualBoard.Profile(board));
        var got = new Recorder();
        using var subscription = new EcgDevice(other, VirtualBoard.Profile(profile), scheduler: other.Scheduler).Blocks().Subscribe(got);

        await other.RunAsync(30);

        Assert.Equal(fault, (await got.FaultAsync()).Fault);
        Assert.Empty(got.Blocks);
    }

    [Fact]
    public async Task A_board_that_is_off_behind_its_dongle_is_said_so()
    {
        var profile = VirtualBoard.Profile("openbci-cyton");
        using var board = new VirtualBoard(profile) { OnTheWay = _ => "Failure: Communications timeout - Device failed to poll Host$$$"u8.ToArray() };
        var got = new Recorder();
        using var subscription = new EcgDevice(board, profile, scheduler: board.Scheduler).Blocks().Subscribe(got);

        await board.RunAsync(20);

        var said = await got.FaultAsync();
        Assert.Equal(DeviceFault.Unresponsive, said.Fault);
        Assert.Equal(
            "board: the device answers \"Failure: Communications timeout - Device failed to poll Host$$$\". The dongle may be there and the board off: switch the board to PC and check its battery.",
            said.Message);
    }

    [Fact]
    public async Task A_daisy_that_is_not_seated_is_said_so()
    {
        var profile = VirtualBoard.Profile("openbci-cyton-daisy");
        using var board = new VirtualBoard(VirtualBoard.Profile("openbci-cyton"));
        var got = new Recorder();
        using var subscription = new EcgDevice(board, profile, scheduler: board.Scheduler).Blocks().Subscribe(got);

        await board.RunAsync(20);

        Assert.Contains("check that it is seated", (await got.FaultAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rate_that_is_not_the_profiles_is_said_so()
    {
        var profile = VirtualBoard.Profile("protocentral-ads1293");
        using var board = new VirtualBoard(profile, driftPpm: -20_000);
        var log = new Frames.ListLogger();
        var device = new EcgDevice(board, profile, scheduler: board.Scheduler, log: log);
        using var subscription = device.Blocks().Subscribe(_ => { });

        await board.RunAsync(400);

        Assert.Single(log.Lines, "board: the device sends 98.0 samples a second and its profile says 100: put the true number into sampleRate.");
    }
}
