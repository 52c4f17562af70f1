using EcgFm.Acquisition.Devices;
using EcgFm.Acquisition.Frames;
using EcgFm.Acquisition.Tests.Devices;
using EcgFm.Acquisition.Tests.Frames;
using EcgFm.Acquisition.Transports;

namespace EcgFm.Acquisition.Tests.Transports;

public sealed class FileTransportTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("ecgfm-file").FullName;
    private readonly Recorder _got = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Recorded_bytes_give_the_blocks_of_the_live_line_and_then_complete()
    {
        var path = Path.Combine(_folder, "bytes.raw");
        var line = FrameSamples.Line(new FrameEncoder(FrameSamples.Format()), 500, 10, counter: 5000);
        line.RemoveRange(210, 10);
        await File.WriteAllBytesAsync(path, line.Joined());
        var device = new EcgDevice(new FileTransport(path), options: new DeviceOptions { RecordingStart = Start });

        using var subscription = device.Blocks().Subscribe(_got);

        Assert.Null(await _got.End.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(490, _got.Blocks.Count);
        Assert.All(_got.Blocks, b => Assert.Equal(b.FirstSample / 500.0, (b.Start - Start).TotalSeconds, 1e-6));
        Assert.Equal(4990, _got.Blocks[^1].FirstSample);
        Assert.Equal((4900, 100), (device.Statistics.Received, device.Statistics.Missing));
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_named()
    {
        var path = Path.Combine(_folder, "absent.raw");
        using var subscription = new EcgDevice(new FileTransport(path)).Blocks().Subscribe(_got);

        var fault = await _got.FaultAsync();

        Assert.Equal((DeviceFault.NotFound, $"{path}: there is no such file."), (fault.Fault, fault.Message));
    }
}
