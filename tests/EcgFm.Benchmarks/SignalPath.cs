using System.Reactive.Linq;
using System.Reactive.Subjects;
using BenchmarkDotNet.Attributes;
using EcgFm.Core;
using EcgFm.Signal;

namespace EcgFm.Benchmarks;

/// <summary>
/// Each stage on ten seconds of twelve leads, against the least that any stage could do: copying the window once.
/// Samples per second: 60,000 divided by the time.
/// </summary>
[MemoryDiagnoser]
[InProcess]
public class SignalPath : IDisposable
{
    private const double DeviceRate = 360;
    private const int BlockLength = 18;

    private readonly float[] _result = new float[StandardLeads.Count * EcgWindow.Length];
    private readonly WindowPreparation _plain = new(InputFilter.None), _filtered = new(InputFilter.BandPass);
    private readonly Subject<EcgBlock> _toLeads = new(), _toResample = new(), _toWindows = new(), _toWindowsEachSecond = new();
    private EcgBlock[] _deviceBlocks = [], _leadBlocks = [], _resampledBlocks = [];
    private EcgWindow _window = null!, _twoLeads = null!;
    private long _round;

    /// <summary>Ten seconds of beats, in eight channels as a 12-lead device sends them.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var layout = new ChannelLayout(["I", "II", "V1", "V2", "V3", "V4", "V5", "V6"]);
        var random = new Random(1);
        _deviceBlocks = [.. Enumerable.Range(0, 200).Select(block => new EcgBlock
        {
            Channels = layout,
            SampleRate = DeviceRate,
            FirstSample = block * BlockLength,
            Start = DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(block * BlockLength / DeviceRate),
            Samples = [.. Enumerable.Range(0, layout.Count * BlockLength).Select(i =>
                Beat(((block * BlockLength) + (i % BlockLength)) / DeviceRate) + (0.02f * random.NextSingle()))],
        })];
        _leadBlocks = [.. _deviceBlocks.ToObservable().ToStandardLeads().ToEnumerable()];
        _resampledBlocks = [.. _leadBlocks.ToObservable().Resample().ToEnumerable()];
        _window = _resampledBlocks.ToObservable().Windows(finite: true).ToEnumerable().First();
        var twoLeads = _window.Samples.ToArray();
        twoLeads.AsSpan(2 * EcgWindow.Length).Clear();
        _twoLeads = _window with { Samples = twoLeads, Absent = LeadSet.Of(Lead.I, Lead.II).Complement };

        _toLeads.ToStandardLeads().Subscribe();
        _toResample.Resample().Subscribe();
        _toWindows.Windows().Subscribe();
        _toWindowsEachSecond.Windows(TimeSpan.FromSeconds(1)).Subscribe();
    }

    /// <inheritdoc/>
    [GlobalCleanup]
    public void Dispose()
    {
        foreach (var stage in new[] { _toLeads, _toResample, _toWindows, _toWindowsEachSecond }) stage.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The least that any stage could do.</summary>
    [Benchmark(Baseline = true)]
    public void CopyAWindow() => _window.Samples.CopyTo(_result.AsSpan());

    /// <summary>Eight channels to twelve leads, in blocks of 50 ms.</summary>
    [Benchmark]
    public void ToStandardLeads() => Push(_toLeads, _deviceBlocks, DeviceRate);

    /// <summary>Twelve leads from 360 to 500 Hz, in blocks of 50 ms.</summary>
    [Benchmark]
    public void Resample360To500() => Push(_toResample, _leadBlocks, DeviceRate);

    /// <summary>One window from blocks of 50 ms.</summary>
    [Benchmark]
    public void Windows() => Push(_toWindows, _resampledBlocks, EcgWindow.SampleRate);

    /// <summary>Ten windows, one each second.</summary>
    [Benchmark]
    public void WindowsEachSecond() => Push(_toWindowsEachSecond, _resampledBlocks, EcgWindow.SampleRate);

    /// <summary>Standardised only.</summary>
    [Benchmark]
    public void Prepare() => _plain.Prepare(_window, _result);

    /// <summary>Band-passed and standardised.</summary>
    [Benchmark]
    public void PrepareWithBandPass() => _filtered.Prepare(_window, _result);

    /// <summary>Beats in twelve leads.</summary>
    [Benchmark]
    public int Beats() => BeatDetector.Detect(_window, LeadSet.All).Length;

    /// <summary>Beats in two leads.</summary>
    [Benchmark]
    public int BeatsOfTwoLeads() => BeatDetector.Detect(_twoLeads, LeadSet.All).Length;

    /// <summary>Quality, beats and heart rate of twelve leads.</summary>
    [Benchmark]
    public AssessedWindow Assess() => QualityAssessor.Assess(_window);

    private void Push(Subject<EcgBlock> stage, EcgBlock[] blocks, double rate)
    {
        // Ten seconds further each round, so that the stream never steps back.
        var shift = (long)(_round++ * 10 * rate);
        foreach (var block in blocks) stage.OnNext(block with { FirstSample = block.FirstSample + shift });
    }

    private static float Beat(double seconds) => (float)Math.Exp(-Math.Pow((seconds % 0.8) - 0.4, 2) / 0.0003);
}
