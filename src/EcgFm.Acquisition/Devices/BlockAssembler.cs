using EcgFm.Acquisition.Frames;
using EcgFm.Core;
using Microsoft.Extensions.Logging;

namespace EcgFm.Acquisition.Devices;

/// <summary>Turns one connection's frames into blocks: the place from the counter, the time from the clock, gaps filled or kept, counts into millivolts.</summary>
internal sealed class BlockAssembler(string name, int counterBits, bool live, DeviceOptions options, ILogger log, Action<EcgBlock> emit) : IFrameSink
{
    private readonly List<Run> _pending = [];
    private StreamFormat? _format;
    private float[] _millivolts = [];
    private SampleClock? _clock;
    private SampleCounter? _counter;
    private GapFiller? _gaps;
    private uint _leadOff;
    private long _received, _duplicates, _late, _restarts;

    /// <summary>When the bytes that are being decoded arrived.</summary>
    public DateTimeOffset Arrival { get; set; }

    /// <summary>Frames of samples that could be read, dropped ones included.</summary>
    public long Frames { get; private set; }

    public DeviceStatistics Statistics(FrameCounts frames) => new()
    {
        Frames = frames,
        Received = _received,
        Interpolated = _gaps?.Interpolated ?? 0,
        Missing = _gaps?.Missing ?? 0,
        Duplicates = _duplicates,
        Late = _late,
        Restarts = _restarts,
        DriftPpm = _clock?.DriftPpm ?? 0,
    };

    public void OnFormat(StreamFormat format)
    {
        if (_format is null)
        {
            _format = format;
            _millivolts = [.. format.NanovoltsPerCount.Select(n => (float)(n / 1e6))];
            _clock = new SampleClock(format.SampleRate);
            _counter = new SampleCounter(counterBits, format.SampleRate);
            _gaps = new GapFiller(format.Channels.Count, format.SampleRate, options.LongestInterpolation);
            log.LogInformation("{Name}: device {Device} {DeviceName} sends {Channels} at {Rate} Hz.",
                name, format.DeviceId, format.DeviceName, string.Join(' ', format.Channels.Names), format.SampleRate);
            return;
        }

        if (!format.MeasuresAs(_format))
            throw new DeviceException(DeviceFault.Reconfigured, $"{name}: the device changed its rate, channels or scale; the stream begins anew.");
        if (format.StreamId != _format.StreamId) _counter!.Restarted();
        // The first layout stays: one instance is shared by all blocks of a stream.
        _format = format with { Channels = _format.Channels };
    }

    public void OnSamples(in SampleFrame frame)
    {
        if (_format is null) return;
        Frames++;
        var instants = frame.Instants;
        if (!live && _received == 0) _clock!.Observe(0, options.RecordingStart ?? Arrival);
        long? byTime = live && _clock!.IsAnchored ? _clock.IndexAt(Arrival) - instants : null;
        var placement = _counter!.Place(frame.Counter, instants, byTime, out var index);
        switch (placement)
        {
            case FramePlacement.Duplicate:
                _duplicates++;
                return;
            case FramePlacement.Late:
                _late++;
                return;
            case FramePlacement.Restart:
                _restarts++;
                log.LogWarning("{Name}: the device has restarted.", name);
                break;
        }

        var leadIn = _gaps!.LeadIn(index, placement == FramePlacement.InOrder);
        var samples = Millivolts(frame, leadIn);
        _gaps.Fill(index, samples, leadIn);
        _received += instants;
        _pending.Add(new Run(index - leadIn, samples, leadIn > 0 ? frame.LeadOff | _leadOff : frame.LeadOff, leadIn));
        _leadOff = frame.LeadOff;
    }

    /// <summary>
    /// Gives the blocks of the bytes that arrived together. Of those only the last sample says what time it is: the others have waited for it.
    /// </summary>
    public void Flush()
    {
        if (_pending.Count == 0) return;
        if (live) _clock!.Observe(_counter!.Next, Arrival);
        foreach (var run in _pending)
            emit(new EcgBlock
            {
                Channels = _format!.Channels,
                SampleRate = _format.SampleRate,
                FirstSample = run.First,
                Start = _clock!.TimeOf(run.First),
                Samples = run.Samples,
                LeadOff = run.LeadOff,
                Interpolated = run.Interpolated,
            });
        _pending.Clear();
    }

    private float[] Millivolts(in SampleFrame frame, int leadIn)
    {
        int channels = frame.Channels, instants = frame.Instants, length = leadIn + instants;
        var samples = new float[channels * length];
        var values = frame.Values;
        for (var channel = 0; channel < channels; channel++)
        {
            var scale = _millivolts[channel];
            var line = samples.AsSpan(channel * length + leadIn, instants);
            for (var i = 0; i < line.Length; i++) line[i] = values[i * channels + channel] * scale;
        }

        return samples;
    }

    private readonly record struct Run(long First, float[] Samples, uint LeadOff, int Interpolated);
}
