using System.Collections.Concurrent;
using EcgFm.Acquisition.Bluetooth;
using EcgFm.Acquisition.Bluetooth.Polar;
using EcgFm.Acquisition.Devices;
using EcgFm.Acquisition.Profiles;
using EcgFm.Acquisition.Tests.Devices;
using EcgFm.Acquisition.Tests.Frames;
using EcgFm.Acquisition.Transports;
using EcgFm.Testing;
using EcgFm.Testing.Bluetooth;

namespace EcgFm.Acquisition.Tests.Bluetooth;

/// <summary>The Polar H10 over a stand-in for BlueZ on a private bus: the whole path from the radio's packets to blocks.</summary>
public sealed class PolarTests : BluetoothTest
{
    private static readonly DateTimeOffset Zero = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The packets that begin within the first second.</summary>
    private const int Settling = 2 * EmulatedH10.SamplesPerPacket;

    private static readonly DeviceProfile Profile = ProfileReader.Read(Path.Combine(TestData.Repository, "device", "profiles", "polar-h10.json"));

    private readonly VirtualScheduler _scheduler = new(Zero);
    private readonly ListLogger _log = new();
    private readonly Recorder _got = new();
    private EcgDevice? _device;

    [Theory]
    [InlineData(true, 3600)]
    [InlineData(false, 300)]
    public async Task What_the_strap_measures_comes_out_within_one_step_and_one_sample(bool sockets, int seconds)
    {
        if (!sockets) await WithoutSocketsAsync();
        var device = Device();
        using (device.Blocks().Subscribe(_got))
        {
            await SettleAsync();
            while (H10.Next < seconds * EmulatedH10.Rate) await PacketAsync();

            long expected = Settling;
            foreach (var block in _got.Blocks)
            {
                Assert.Equal(expected, block.FirstSample);
                Assert.InRange((block.Start - Zero).TotalSeconds * EmulatedH10.Rate - block.FirstSample, -1, 1);
                for (var i = 0; i < block.Length; i++)
                    if (Math.Abs(block.Samples[i] * 1000 - H10.Source(block.FirstSample + i)) > 0.5) Assert.Fail($"Sample {block.FirstSample + i} is {block.Samples[i]} mV.");
                expected += block.Length;
            }

            Assert.Equal(H10.Next, expected);
        }

        await AsyncWait.UntilAsync(() => !BlueZ.Connected);
        Assert.Equal(["0100", "02000001820001010E00", "0300"], H10.Log);
        Assert.Equal(!sockets, BlueZ.Calls.Count(call => call == "StartNotify") == 2);
        Assert.False(BlueZ.Discovering);
    }

    [Fact]
    public async Task Lost_packets_stay_lost()
    {
        using var subscription = Device().Blocks().Subscribe(_got);
        await SettleAsync();
        await PacketAsync();
        _ = H10.Packet();
        _ = H10.Packet();
        await PacketAsync();

        Assert.Equal([Settling, Settling + 3 * EmulatedH10.SamplesPerPacket], _got.Blocks.Select(block => block.FirstSample));
    }

    /// <summary>Linux has been seen to drop the link after 150 s.</summary>
    [Fact]
    public async Task A_drop_after_150_seconds_is_survived()
    {
        var events = new ConcurrentQueue<DeviceEvent>();
        using var subscription = Device().Blocks()
            .Reconnect(new ReconnectPolicy { Jitter = 0 }, System.Reactive.Observer.Create<DeviceEvent>(events.Enqueue), _scheduler)
            .Subscribe(_got);
        await SettleAsync();
        while (H10.Next < 150 * EmulatedH10.Rate) await PacketAsync();
        var before = _got.Blocks.Count;

        BlueZ.Drop();
        await AsyncWait.UntilAsync(() => events.OfType<DeviceEvent.Retrying>().Any() && _scheduler.Planned > 0);
        Assert.Equal(DeviceFault.Disconnected, Assert.Single(events.OfType<DeviceEvent.Lost>()).Fault);
        H10.Next += EmulatedH10.Rate * 10;
        _scheduler.AdvanceBy(TimeSpan.FromSeconds(10));
        await SettleAsync();
        var back = H10.Next;
        for (var i = 0; i < 5; i++) await PacketAsync();

        Assert.Equal(5, _got.Blocks.Count - before);
        Assert.InRange(_got.Blocks[before].FirstSample - back, -2, 2);
        Assert.Equal(H10.Source(back) / 1000f, _got.Blocks[before].Samples[0], 1e-4f);
    }

    [Fact]
    public async Task What_was_recorded_over_the_radio_is_replayed_as_it_was_heard()
    {
        using var folder = new TemporaryFolder();
        using (Device(DeviceOptions.Default with { RecordRaw = folder["bed-1"] }).Blocks().Subscribe(_got))
        {
            await SettleAsync();
            for (var i = 0; i < 40; i++)
            {
                if (i % 9 == 8) _ = H10.Packet();
                await PacketAsync();
            }
        }

        await AsyncWait.UntilAsync(() => !BlueZ.Connected);
        var recording = new RawFileTransport(Assert.Single(Directory.GetFiles(folder[""])), PlaybackSpeed.Max);
        var replay = new Recorder();
        using var replayed = new EcgDevice(recording, Profile).Blocks().Subscribe(replay);

        Assert.Null(await replay.End.WaitAsync(Patience));
        Assert.Equal("polar-h10", recording.Profile);
        Assert.Equal(40, replay.Blocks.Count);
        Assert.All(_got.Blocks.Zip(replay.Blocks), pair =>
        {
            Assert.Equal((pair.First.FirstSample, pair.First.Interpolated), (pair.Second.FirstSample, pair.Second.Interpolated));
            Assert.Equal(pair.First.Samples, pair.Second.Samples);
            Assert.Equal(pair.First.Start, pair.Second.Start, TimeSpan.FromMicroseconds(5));
        });
    }

    /// <summary>A strap that BlueZ does not know yet advertises its heart rate and not its measurements.</summary>
    [Theory]
    [InlineData("A0:9E:1A:12:34:56")]
    [InlineData("Polar H10")]
    public async Task A_strap_is_found_by_what_it_advertises(string wanted)
    {
        await using var line = await new PolarTransport(wanted, Bus.Address).OpenAsync(CancellationToken.None).AsTask().WaitAsync(Patience);
        Assert.Contains("StartDiscovery", BlueZ.Calls);
        Assert.True(H10.Streaming);
    }

    [Theory]
    [InlineData("SetDiscoveryFilter", 1)]
    [InlineData("StartDiscovery", 1)]
    [InlineData("StopDiscovery", 1)]
    [InlineData("Connect", 1)]
    [InlineData("StartNotify", 1)]
    [InlineData("AcquireNotify", 1)]
    [InlineData("ReadValue", 1)]
    [InlineData("WriteValue", 1)]
    [InlineData("WriteValue", 2)]
    public async Task Lost_at_any_step_it_says_so_leaves_nothing_behind_and_comes_back(string step, int time)
    {
        BlueZ.Before = (call, count) =>
        {
            if ((call, count) != (step, time)) return;
            BlueZ.InReach = false;
            BlueZ.Drop();
        };
        // The search is over quickly: nothing is there. Losing it between the search and the connection, it may still be known.
        var transport = new PolarTransport(H10.Address, Bus.Address, TimeSpan.FromSeconds(0.5));
        var fault = await Assert.ThrowsAsync<DeviceException>(() => transport.OpenAsync(CancellationToken.None).AsTask().WaitAsync(Patience));
        Assert.True(fault.Fault is DeviceFault.NotFound or DeviceFault.Disconnected or DeviceFault.Failed, fault.Message);
        Assert.StartsWith(H10.Address, fault.Message, StringComparison.Ordinal);
        Assert.False(BlueZ.Discovering);

        BlueZ.Before = null;
        BlueZ.InReach = true;
        await using var line = await OpenAsync();
        Assert.True(H10.Streaming);
    }

    [Fact]
    public async Task Given_up_in_the_middle_it_leaves_the_strap_stopped_and_alone()
    {
        using var stop = new CancellationTokenSource();
        H10.OnStart = stop.Cancel;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new PolarTransport(H10.Address, Bus.Address).OpenAsync(stop.Token).AsTask().WaitAsync(Patience));
        Assert.Equal("0300", H10.Log[^1]);
        Assert.False(H10.Streaming);
        Assert.False(BlueZ.Connected);
    }

    [Fact]
    public async Task A_stream_that_somebody_left_on_is_started_anew()
    {
        H10.Streaming = true;
        await using var line = await OpenAsync();
        Assert.Equal(["0100", "02000001820001010E00", "0300", "02000001820001010E00"], H10.Log);
        Assert.True(H10.Streaming);
    }

    [Theory]
    [InlineData(8, "sampling rate")]
    [InlineData(10, "MTU")]
    [InlineData(13, "charger")]
    [InlineData(77, "error 77")]
    public async Task A_refusal_is_told_in_words(byte status, string words)
    {
        H10.Refusal = status;
        var fault = await Assert.ThrowsAsync<DeviceException>(OpenAsync);
        Assert.Equal(DeviceFault.Failed, fault.Fault);
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
        Assert.False(BlueZ.Connected);
    }

    [Fact]
    public async Task A_strap_that_stops_by_itself_says_why()
    {
        using var subscription = Device().Blocks().Subscribe(_got);
        await SettleAsync();
        await PacketAsync();
        H10.StopByItself();
        var fault = await _got.FaultAsync();
        Assert.Equal(DeviceFault.Disconnected, fault.Fault);
        Assert.Contains("charger", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_packet_before_the_notifications_are_confirmed_is_not_lost(bool sockets)
    {
        if (!sockets) await WithoutSocketsAsync();
        BlueZ.Before = (call, _) =>
        {
            // By the signal: the call has no answer yet.
            if (call == (sockets ? "AcquireNotify" : "StartNotify") && BlueZ.Calls.Count(c => c is "StartNotify" or "AcquireNotify") == 2)
                H10.Send!("fb005c82-02e7-f387-1cad-8acd2d8df0c8", H10.Packet());
        };
        await using var line = await OpenAsync();
        var bytes = new byte[1024];
        Assert.Equal(2 + 10 + 3 * 73, await line.ReadAsync(bytes).AsTask().WaitAsync(Patience));
        H10.SendPacket();
        Assert.Equal(2 + 10 + 3 * 73, await line.ReadAsync(bytes).AsTask().WaitAsync(Patience));
    }

    [Theory]
    [InlineData("polar-h10", typeof(PolarTransport))]
    [InlineData("ecgfm-ble", typeof(GattTransport))]
    [InlineData("ecgfm-rfcomm", typeof(RfcommTransport))]
    public void Each_profile_has_its_line(string profile, Type line) =>
        Assert.IsType(line, DeviceLines.Create(ProfileReader.Read(Path.Combine(TestData.Repository, "device", "profiles", profile + ".json")), "A0:9E:1A:12:34:56"));

    private Task<Stream> OpenAsync() => new PolarTransport(H10.Address, Bus.Address).OpenAsync(CancellationToken.None).AsTask().WaitAsync(Patience);

    private EcgDevice Device(DeviceOptions? options = null) => _device = new(new PolarTransport("Polar H10", Bus.Address, log: _log), Profile, options, _scheduler, _log);

    /// <summary>Lets it be started, and its filters settle: those packets never become blocks.</summary>
    private async Task SettleAsync()
    {
        await AsyncWait.UntilAsync(() => H10.Streaming);
        var settled = _device!.Statistics.Settled;
        for (var i = 0; i < 2; i++)
        {
            Advance();
            Assert.True(H10.SendPacket());
            await AsyncWait.UntilAsync(() => _device!.Statistics.Settled == settled + EmulatedH10.SamplesPerPacket);
            settled += EmulatedH10.SamplesPerPacket;
        }
    }

    /// <summary>Lets the time of the packet's last sample come, sends it and waits until it is a block.</summary>
    private async Task PacketAsync()
    {
        var count = _got.Blocks.Count + 1;
        Advance();
        Assert.True(H10.SendPacket());
        await _got.Reached(count);
    }

    private void Advance()
    {
        var time = Zero.AddSeconds((H10.Next + EmulatedH10.SamplesPerPacket) / (double)EmulatedH10.Rate);
        if (time > _scheduler.Now) _scheduler.AdvanceTo(time);
    }
}
