using System.Buffers;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using EcgFm.Acquisition.Emulation;
using EcgFm.Acquisition.Frames;
using EcgFm.Acquisition.Profiles;

namespace EcgFm.Benchmarks;

/// <summary>From bytes to frames: an operation is one sampling instant, that is all channels of one moment. A short run, for what it measures is far from its limit.</summary>
[MemoryDiagnoser]
[OperationsPerSecond]
[Config(typeof(ShortRun))]
public class DeviceDecoding
{
    private const int Instants = 10_000;

    private readonly Sink _sink = new();
    private byte[] _bytes = [];
    private IFrameDecoder _decoder = null!;

    /// <summary>The board.</summary>
    [Params("ecgfm", "openbci-cyton", "healthypi5", "protocentral-ads1293", "hackeeg-ads1298", "hackeeg-ads1298-messagepack")]
    public string Board { get; set; } = "";

    /// <summary>What the board's emulator sends; twelve leads at 500 Hz for the project's own frame.</summary>
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
        for (var i = 0; i < Instants; i++)
        {
            for (var input = 0; input < millivolts.Length; input++) millivolts[input] = random.NextDouble() - 0.5;
            board.Sample(millivolts);
        }

        _bytes = line.WrittenSpan.ToArray();
        _decoder = profile.CreateDecoder(Board);
        if (Decode() != Instants) throw new InvalidOperationException($"{Board}: {_sink.Instants} of {Instants} instants came out.");
    }

    /// <summary>Decodes them, in pieces as a serial port gives them.</summary>
    [Benchmark(OperationsPerInvoke = Instants)]
    public long Decode()
    {
        for (var at = 0; at < _bytes.Length; at += 1024) _decoder.Decode(_bytes.AsSpan(at, Math.Min(1024, _bytes.Length - at)), _sink);
        return _sink.Instants;
    }

    private sealed class ShortRun : ManualConfig
    {
        // A fixed count: finding one on a busy machine takes minutes, and finds the wrong one.
        public ShortRun() => AddJob(Job.ShortRun.WithIterationCount(5).WithInvocationCount(128).WithToolchain(InProcessEmitToolchain.Instance));
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
