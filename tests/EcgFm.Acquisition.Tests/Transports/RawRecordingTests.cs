using EcgFm.Acquisition.Devices;
using EcgFm.Acquisition.Tests.Devices;
using EcgFm.Acquisition.Tests.Emulation;
using EcgFm.Acquisition.Tests.Frames;
using EcgFm.Acquisition.Transports;
using EcgFm.Testing;

namespace EcgFm.Acquisition.Tests.Transports;

public sealed class RawRecordingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(BoardTests.Boards), MemberType = typeof(BoardTests))]
    public async Task A_replay_gives_the_very_blocks_of_the_live_device(string name)
    {
        var profile = VirtualBoard.Profile(name);
        var live = new Recorder();
        var random = new Random(5);
        // A line that loses: the replay must find the same gaps.
        using (var board = new VirtualBoard(profile) { OnTheWay = bytes => random.Next(40) == 0 && bytes.Length > 60 ? bytes[60..] : bytes })
        {
            var device = new EcgDevice(board, profile, DeviceOptions.Default with { RecordRaw = _folder["bed-1"] }, board.Scheduler);
            using var subscription = device.Blocks().Subscribe(live);
            await board.RunAsync(30);
            board.Cut();
            Assert.Equal(DeviceFault.Disconnected, (await live.FaultAsync()).Fault);
        }

        var file = Assert.Single(Directory.GetFiles(_folder[""], "*.raw"));
        Assert.StartsWith("bed-1-20261125T1200", Path.GetFileName(file), StringComparison.Ordinal);
        var transport = new RawFileTransport(file, PlaybackSpeed.Max);
        Assert.Equal(name, transport.Profile);
        var replay = new Recorder();
        using var replayed = new EcgDevice(transport, profile).Blocks().Subscribe(replay);

        Assert.Null(await replay.End.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.True(live.Blocks.Count > 100);
        Assert.Equal(
            live.Blocks.Select(b => (b.FirstSample, b.Length, b.LeadOff, b.Interpolated)),
            replay.Blocks.Select(b => (b.FirstSample, b.Length, b.LeadOff, b.Interpolated)));
        Assert.All(live.Blocks.Zip(replay.Blocks), pair =>
        {
            Assert.Equal(pair.First.Samples, pair.Second.Samples);
            // Microseconds are kept.
            Assert.Equal(pair.First.Start, pair.Second.Start, TimeSpan.FromMicroseconds(5));
        });
    }

    [Fact]
    public void A_recording_that_a_power_cut_has_shortened_is_read_to_its_last_whole_record()
    {
        using (var recording = new RawRecording(_folder["cut"], "healthypi5"))
        {
            recording.Received([1, 2, 3], VirtualBoard.Zero);
            recording.Received([4, 5, 6, 7], VirtualBoard.Zero.AddHours(3));
        }

        var file = Assert.Single(Directory.GetFiles(_folder[""], "cut*.raw"));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], Bytes(file));
        using (var cut = File.OpenWrite(file)) cut.SetLength(cut.Length - 1);
        Assert.Equal([1, 2, 3], Bytes(file));
        Assert.True(RawFileTransport.IsRecording(file));

        static byte[] Bytes(string path)
        {
            using var line = new RawFileTransport(path, PlaybackSpeed.Max).OpenAsync(default).AsTask().GetAwaiter().GetResult();
            var (bytes, buffer) = (new List<byte>(), new byte[3]);
            while (line.ReadAsync(buffer).AsTask().GetAwaiter().GetResult() is > 0 and var read) bytes.AddRange(buffer[..read]);
            return [.. bytes];
        }
    }

    [Fact]
    public void What_is_no_recording_is_said_so()
    {
        File.WriteAllText(_folder["x.raw"], "{\"format\":\"other\"}\n");

        Assert.False(RawFileTransport.IsRecording(_folder["x.raw"]));
        Assert.Equal($"{_folder["x.raw"]}: this is no recording of a device's bytes (ecgfm-raw).", Assert.Throws<DeviceException>(() => new RawFileTransport(_folder["x.raw"])).Message);
        Assert.Equal(DeviceFault.NotFound, Assert.Throws<DeviceException>(() => new RawFileTransport(_folder["nothing"])).Fault);
    }

    [Fact]
    public void A_disk_that_fails_costs_the_recording_and_a_line_of_log()
    {
        File.WriteAllText(_folder["file"], "");
        var log = new ListLogger();
        using var recording = new RawRecording(Path.Combine(_folder["file"], "bed"), "ecgfm", log);

        recording.Received([1], VirtualBoard.Zero);
        recording.Received([2], VirtualBoard.Zero);

        Assert.Contains("recording the bytes ends, the device goes on", Assert.Single(log.Lines), StringComparison.Ordinal);
    }
}
