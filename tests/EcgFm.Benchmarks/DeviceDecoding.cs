using System.Buffers;
using BenchmarkDotNet.Attributes;
using EcgFm.Acquisition.Emulation;
using EcgFm.Acquisition.Frames;
using EcgFm.Acquisition.Profiles;

namespace EcgFm.Benchmarks;

/// <summary>
/// From bytes to frames, ten seconds of each board at once. Sampling instants (all channels of one moment) per second: ten times the board's rate divided by
/// the time.
/// </summary>
[MemoryDiagnoser]
[InProcess]
public class DeviceDecoding
{
    private const int Seconds = 10;

    private readonly Sink _sink = new();
    private byte[] _bytes = [];
    private IFrameDecoder _decoder = null!;

    /// <summary>The board.</summary>
    [Params("ecgfm", "openbci-cyton", "healthypi5", "protocentral-ads1293", "hackeeg-ads1298", "hackeeg-ads1298-messagepack")]
    public string Board { get; set; } = "";

    /// <summary>What the board's emulator sends in ten seconds; twelve leads at 500 Hz for the project's own frame.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var profile = new ProfileCatalog([Path.Combine(AppContext.BaseDirectory, "profiles")]).Find(Board);
        var line = new ArrayBufferWriter<byte>();
        var board = BoardEmulator.Create(profile, line);
        if (Board == "openbci-cyton") board.Receive("b"u8);
        if (Board == "hackeeg-ads1298") board.Receive("jsonlines\n{\"COMMAND\":\"rdatac\"}\n"u8);
        if (Board == "hackeeg-ads1298-messagepack") board.Receive("messagepack\n{\"COMMAND\":\"rdatac\"}\n"u8);
        line.ResetWrittenCount();
        var millivolts = new double[board.Inputs];
        var random = new Random(1);
        for (var i = 0; i < Seconds * board.SampleRate; i++)
        {
            for (var input = 0; input < millivolts.Length; input++) millivolts[input] = random.NextDouble() - 0.5;
            board.Sample(millivolts);
        }

        _bytes = line.WrittenSpan.ToArray();
        _decoder = profile.CreateDecoder(Board);
    }

    /// <summary>Decodes the ten seconds, in pieces as a serial port gives them.</summary>
    [Benchmark]
    public long Decode()
    {
        for (var at = 0; at < _bytes.Length; at += 1024) _decoder.Decode(_bytes.AsSpan(at, Math.Min(1024, _bytes.Length - at)), _sink);
        return _sink.Instants;
    }

    private sealed class Sink : IFrameSink
    {
        public long Instants { get; private set; }

        public void OnFormat(StreamFormat format)
        {
        }

        public void OnSamples(in SampleFrame frame) => Instants += frame.Instants;
    }
}
