using System.Text;
using EcgFm.Acquisition.Devices;
using EcgFm.Acquisition.Tests.Devices;
using EcgFm.Acquisition.Tests.Emulation;
using EcgFm.Acquisition.Tests.Frames;
using EcgFm.Acquisition.Transports;
using EcgFm.Core;
using EcgFm.Testing;
using EcgFm.Testing.Bluetooth;

namespace EcgFm.Acquisition.Tests.Transports;

/// <summary>Recordings of bytes on a disk that damages them.</summary>
public sealed class RawDamageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, double> Damages
    {
        get
        {
            var all = new TheoryData<string, double>();
            foreach (var name in (string[])["polar-h10", .. ((IEnumerable<object[]>)BoardTests.Boards).Select(row => (string)row[0])])
                foreach (var share in (double[])[0.01, 0.0002])
                    all.Add(name, share);
            return all;
        }
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>Whatever the frames lack, the recording has: no sample is replayed that was not recorded, and each stands where it belongs.</summary>
    [Theory]
    [MemberData(nameof(Damages))]
    public async Task Damage_costs_the_records_that_it_hits_and_nothing_else(string name, double share)
    {
        var profile = VirtualBoard.Profile(name);
        var (rate, samples) = name == "polar-h10" ? (EmulatedH10.Rate, RecordStrap()) : await RecordBoardAsync(name);
        var file = Assert.Single(Directory.GetFiles(_folder[""], "*.raw"));
        var bytes = await File.ReadAllBytesAsync(file);
        var begin = Array.IndexOf(bytes, (byte)'\n') + 1;
        await File.WriteAllBytesAsync(file, [.. bytes[..begin], .. Damage.To(bytes.AsSpan(begin), new Random(11), share)]);
        var (got, log) = (new Recorder(), new ListLogger());

        var device = new EcgDevice(new RawFileTransport(file, PlaybackSpeed.Max, log: log), profile);
        using var replay = device.Blocks().Subscribe(got);

        Assert.Null(await got.End.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Single(log.Lines, line => line.EndsWith("bytes of the recording are damaged or incomplete, and were left out.", StringComparison.Ordinal));
        Assert.InRange(device.Statistics.Received, share < 0.001 ? samples * 0.5 : 0, samples * 0.97);
        Assert.Equal(0, device.Statistics.Restarts);
        // With a counter, all stand at one distance from where the board was when it was first heard; without one, a loss is guessed by its bytes and by time.
        long? offset = null;
        foreach (var block in got.Blocks)
        {
            var about = (long)Math.Round((block.Start - VirtualBoard.Zero).TotalSeconds * rate);
            var slack = profile.CounterBits > 0 ? 4 : (int)(0.3 * rate);
            var shift = Enumerable.Range(0, 2 * slack + 1).Select(i => (i + 1) / 2 * (i % 2 == 0 ? 1 : -1))
                .FirstOrDefault(shift => Carries(block, profile, about + shift, rate), int.MinValue);
            Assert.True(shift > int.MinValue, $"The block of {block.Start:HH:mm:ss.fff} was never recorded.");
            if (profile.CounterBits == 0) continue;
            offset ??= about + shift - block.FirstSample;
            Assert.True(Carries(block, profile, block.FirstSample + offset.Value, rate), $"The block of {block.Start:HH:mm:ss.fff} stands in the wrong place.");
        }
    }

    [Fact]
    public async Task A_mark_within_the_bytes_is_no_record()
    {
        using (var recording = new RawRecording(_folder["mark"], "ecgfm"))
        {
            recording.Received([0xE5, 0xC9, 0xE5, 0xC9], VirtualBoard.Zero);
            recording.Received([1, 2, 3], VirtualBoard.Zero.AddSeconds(1));
        }

        var file = Assert.Single(Directory.GetFiles(_folder[""], "*.raw"));
        var bytes = File.ReadAllBytes(file);
        // The first record's own mark is damaged; the marks that it holds lead nowhere.
        bytes[Array.IndexOf(bytes, (byte)'\n') + 1] ^= 1;
        File.WriteAllBytes(file, bytes);
        await using var line = await new RawFileTransport(file, PlaybackSpeed.Max).OpenAsync(default);

        Assert.Equal(3, await line.ReadAsync(bytes));
        Assert.Equal([1, 2, 3], bytes[..3]);
        var timed = Assert.IsAssignableFrom<ITimedLine>(line);
        Assert.Equal((VirtualBoard.Zero.AddSeconds(1), true), (timed.Arrival, timed.Lost > 0));
        Assert.Contains("\"version\":2", Encoding.UTF8.GetString(File.ReadAllBytes(file)), StringComparison.Ordinal);
    }

    private static bool Carries(EcgBlock block, Acquisition.Profiles.DeviceProfile profile, long first, double rate)
    {
        for (var channel = 0; channel < block.Channels.Count; channel++)
        {
            if (!StandardLeads.TryParse(block.Channels.Names[channel], out var lead)) continue;
            var step = profile.Channels.IsEmpty ? 1e-3 : Math.Abs(profile.Channels[channel].MicrovoltsPerCount) / 1e3 * (profile.Name == "healthypi5" ? 64 : 1);
            var samples = block.Channel(channel);
            for (var i = block.Interpolated; i < samples.Length; i++)
                if (Math.Abs(samples[i] - VirtualBoard.Source((int)lead, first + i, rate)) > 0.5 * step + 1e-6)
                    return false;
        }

        return true;
    }

    /// <summary>Over the radio each packet is preceded by its length, and comes when its last sample was taken.</summary>
    private long RecordStrap()
    {
        var strap = new EmulatedH10 { Source = i => (int)Math.Round(1000 * VirtualBoard.Source(0, i, EmulatedH10.Rate)) };
        using var recording = new RawRecording(_folder["bed-1"], "polar-h10");
        while (strap.Next < 600 * EmulatedH10.Rate)
        {
            var packet = strap.Packet();
            recording.Received([(byte)packet.Length, (byte)(packet.Length >> 8), .. packet], VirtualRadio.TimeOf(strap.Next, EmulatedH10.Rate));
        }

        return strap.Next;
    }

    private async Task<(double Rate, long Samples)> RecordBoardAsync(string name)
    {
        var profile = VirtualBoard.Profile(name);
        using var board = new VirtualBoard(profile);
        var device = new EcgDevice(board, profile, DeviceOptions.Default with { RecordRaw = _folder["bed-1"] }, board.Scheduler);
        using var subscription = device.Blocks().Subscribe(_ => { });
        await board.RunAsync(60);
        subscription.Dispose();
        await board.RunAsync(1);
        return (board.Board.SampleRate, board.Taken);
    }
}
