using EcgFm.Acquisition.Devices;
using EcgFm.Acquisition.Frames;
using EcgFm.Acquisition.Profiles;
using EcgFm.Acquisition.Simulation;
using EcgFm.Core;
using EcgFm.Testing;
using Xunit.Abstractions;

namespace EcgFm.Acquisition.Tests.Devices;

/// <summary>The Cyton's lead-off test: what its current tells, and what is left of it in the samples.</summary>
public class LeadOffDriveTests(ITestOutputHelper output)
{
    private static readonly DeviceProfile Plain = VirtualBoard.Profile("openbci-cyton");
    private static readonly DeviceProfile Testing = Plain.WithLeadOffTest();

    [Fact]
    public async Task Impedances_are_told_and_the_current_is_no_ECG()
    {
        var random = new Random(3);
        // A line that loses now and then: the wave goes on by the counter.
        using var board = new VirtualBoard(Testing) { OnTheWay = bytes => random.Next(50) == 0 && bytes.Length > 100 ? bytes[66..] : bytes };
        ((EmulatedCyton)board.Board).ElectrodeOhms = 50_000;
        var got = new Recorder();
        var device = new EcgDevice(board, Testing, scheduler: board.Scheduler);
        using var subscription = device.Blocks().Subscribe(got);

        await board.RunAsync(40);

        // Channel 1 has the current through both its electrodes and both resistors of the board.
        Assert.InRange(device.OhmsOf(0)!.Value, 100_000, 105_000);
        for (var channel = 1; channel < 8; channel++) Assert.InRange(device.OhmsOf(channel)!.Value, 48_000, 52_000);
        Assert.All(got.Blocks, block => Assert.Equal(0u, block.LeadOff));
        var worst = 0.0;
        foreach (var block in got.Blocks.Where(block => block.FirstSample > 8 * 250))
            for (var channel = 0; channel < 8; channel++)
            {
                Assert.True(StandardLeads.TryParse(block.Channels.Names[channel], out var lead));
                for (var i = block.Interpolated; i < block.Length; i++)
                    worst = Math.Max(worst, Math.Abs(block.Channel(channel)[i] - VirtualBoard.Source((int)lead, board.FirstSent + block.FirstSample + i, 250)));
            }

        // The current makes 0.63 mV of channel 1 and 0.31 mV of the others.
        Assert.InRange(worst, 0, 0.012);
    }

    [Fact]
    public async Task Without_the_test_nothing_flows_and_nothing_is_taken_out()
    {
        using var board = new VirtualBoard(Plain);
        var got = new Recorder();
        var device = new EcgDevice(board, Plain, scheduler: board.Scheduler);
        using var subscription = device.Blocks().Subscribe(got);

        await board.RunAsync(5);

        Assert.Null(device.OhmsOf(0));
        Assert.Equal(VirtualBoard.Source(0, board.FirstSent + got.Blocks[^1].FirstSample, 250), got.Blocks[^1].Channel(0)[0], 1.2e-5);
    }

    [Fact]
    public async Task With_the_current_not_taken_out_it_would_be_seen()
    {
        using var board = new VirtualBoard(Testing);
        var got = new Recorder();
        // The same dialogue, and a device that knows nothing of the test.
        using var subscription = new EcgDevice(board, Plain with { Start = Testing.Start }, scheduler: board.Scheduler).Blocks().Subscribe(got);

        await board.RunAsync(10);

        Assert.True(got.Blocks.Max(block => Math.Abs(block.Channel(0)[0] - VirtualBoard.Source(0, board.FirstSent + block.FirstSample, 250))) > 0.2);
    }

    [Fact]
    public async Task An_electrode_is_off_though_nothing_lies_at_the_end_of_the_range()
    {
        using var board = new VirtualBoard(Testing);
        var got = new Recorder();
        using var subscription = new EcgDevice(board, Testing, scheduler: board.Scheduler).Blocks().Subscribe(got);
        await board.RunAsync(10);
        Assert.All(got.Blocks, block => Assert.Equal(0u, block.LeadOff));

        board.LeadOff = 0b100;
        await board.RunAsync(1);
        Assert.Equal("V1", got.Blocks[^1].Channels.Names.Where((_, channel) => (got.Blocks[^1].LeadOff >> channel & 1) != 0).Single());
        Assert.InRange(got.Blocks[^1].Channel(2)[0], -180, 180);

        board.LeadOff = 0;
        await board.RunAsync(5);
        Assert.Equal(0u, got.Blocks[^1].LeadOff);
    }

    /// <summary>What the device's test above cannot show with waves: a heart's beat has parts at the current's frequency.</summary>
    [Theory]
    [InlineData("sinus@72:60s")]
    [InlineData("af@110:60s")]
    [InlineData("bigeminy:60s")]
    public void A_heartbeat_keeps_its_form(string script)
    {
        const double MillivoltsPerCount = 4500.0 / 24 / 8388607;
        var ecg = new SimulatedEcg(RhythmScript.Parse(script), seed: 3, sampleRate: 250);
        var leads = new float[StandardLeads.Count * 60 * 250];
        _ = ecg.Read(leads, out _);
        var kept = new Kept();
        var drive = new LeadOffDrive(Testing, kept);
        var (worst, values) = (0.0, new int[8]);
        int[] wired = [0, 1, 6, 7, 8, 9, 10, 11];
        for (var i = 0; i < 60 * 250; i++)
        {
            for (var input = 0; input < 8; input++)
                values[input] = (int)Math.Round((leads[wired[input] * 60 * 250 + i] + 0.3 * Math.Sin(2 * Math.PI * i / 8 + input)) / MillivoltsPerCount);
            drive.OnSamples(new SampleFrame { Counter = (byte)i, Channels = 8, Values = values });
            if (i < 4 * 250) continue;
            for (var input = 0; input < 8; input++) worst = Math.Max(worst, Math.Abs(kept.Last[input] * MillivoltsPerCount - leads[wired[input] * 60 * 250 + i]));
        }

        output.WriteLine($"{script}: {1000 * worst:0.0} µV of 300 are left");
        Assert.InRange(worst, 0, 0.03);
    }

    [Theory]
    [InlineData("\"hertz\": 30,", "leadOffTest:hertz is 30; allowed is a frequency of which a wave takes a whole number of samples")]
    [InlineData("\"hertz\": 125,", "leadOffTest:hertz is 125; allowed is a frequency")]
    [InlineData("\"hertz\": 31.25, \"volume\": 11,", "leadOffTest:volume is unknown")]
    public void A_test_that_cannot_be_is_refused(string hertz, string error)
    {
        var json = File.ReadAllText(Path.Combine(TestData.Repository, "device", "profiles", "openbci-cyton.json")).Replace("\"hertz\": 31.25,", hertz, StringComparison.Ordinal);
        Assert.Contains(Assert.Throws<ProfileException>(() => ProfileReader.Parse(json, "x", "x.json")).Errors, said => said.Contains(error, StringComparison.Ordinal));
    }

    [Fact]
    public void A_board_without_a_test_cannot_have_it_on() => Assert.Throws<InvalidOperationException>(() => VirtualBoard.Profile("healthypi5").WithLeadOffTest());

    private sealed class Kept : IFrameSink
    {
        public int[] Last { get; } = new int[8];

        public void OnFormat(StreamFormat format)
        {
        }

        public void OnSamples(in SampleFrame frame) => frame.Values.CopyTo(Last);
    }
}
