using System.Globalization;
using EcgFm.Acquisition.Frames;
using EcgFm.Acquisition.Profiles;
using EcgFm.Core;
using Microsoft.Extensions.Logging;

namespace EcgFm.Acquisition.Devices;

/// <summary>
/// Turns one connection's frames into blocks: the place from the counter, the time from the clock, gaps filled or kept, counts into millivolts, and short frames
/// gathered into blocks of 20 ms.
/// </summary>
/// <param name="name">The line, for the log.</param>
/// <param name="profile">What the frames mean.</param>
/// <param name="timed">Whether their arrival says when bytes arrived.</param>
/// <param name="options">How gaps are filled.</param>
/// <param name="log">Gets a line for what the device does.</param>
/// <param name="emit">Gets the blocks.</param>
internal sealed class BlockAssembler(string name, DeviceProfile profile, bool timed, DeviceOptions options, ILogger log, Action<EcgBlock> emit) : IFrameSink
{
    /// <summary>The least that a block spans, unless a gap or the end comes before.</summary>
    private const double BlockSeconds = 0.02;

    /// <summary>Without a counter, what is so late after a silence has lost something on the way: adapters and a busy host hold bytes back for less.</summary>
    private const double GapSeconds = 0.25;

    private const double BacklogSeconds = 0.25;

    /// <summary>The host's clock was set when it has moved so far against the time that passed; less may be a pause between two looks at them.</summary>
    private static readonly TimeSpan ClockSet = TimeSpan.FromSeconds(0.1);

    /// <summary>After so long the clock knows the device's rate, and no crystal is so far from its nominal one.</summary>
    private const double RateSeconds = 300, StrangePpm = 3000;

    /// <summary>Linux gives at most 4095 bytes of a serial port at a time.</summary>
    private const int FullTerminal = 4000;

    private readonly bool _counted = profile.CounterBits > 0;
    private readonly List<Run> _pending = [];
    private StreamFormat? _format;
    private float[] _millivolts = [], _zeros = [];
    private int[] _inputs = [];
    private SampleClock? _clock;
    private SampleCounter? _counter;
    private GapFiller? _gaps;
    private int _leastLength;

    // The run that is being gathered: channel after channel, each with room for _capacity samples.
    private float[] _samples = [];
    private int _capacity, _length, _interpolated;
    private long _first;
    private uint _leadOff, _lastLeadOff;

    private DateTimeOffset _arrival, _lastArrival;
    private TimeSpan _clockSet;
    private bool _afterSilence;
    private long _arrivedBytes, _arrivedInstants;
    private int _expectedInstants, _placedInstants, _frameInstants;
    private bool _backlog, _rateJudged;
    private long _settledAt;
    private long _received, _duplicates, _late, _restarts, _settled;

    /// <summary>Frames of samples that could be read, dropped ones included.</summary>
    public long Frames { get; private set; }

    /// <summary>Bytes have arrived and will be decoded now.</summary>
    /// <param name="bytes">How many.</param>
    /// <param name="arrival">When, on a clock that nobody sets: a sample's place must not move with the host's.</param>
    /// <param name="hostTime">When, on the host's clock: a sample's time follows it.</param>
    public void Arrived(int bytes, DateTimeOffset arrival, DateTimeOffset hostTime)
    {
        _arrival = arrival;
        if ((hostTime - arrival - _clockSet).Duration() >= ClockSet) _clockSet = hostTime - arrival;
        _placedInstants = 0;
        // The bytes that came together hold some instants beside the first: it has waited for them, which is no gap.
        _expectedInstants = _arrivedInstants > 0 ? (int)Math.Min(bytes * _arrivedInstants / Math.Max(_arrivedBytes, 1), 1 << 20) : 0;
        _arrivedBytes += bytes;
        // So many at a time, unless one frame holds them, have been held up, and more may wait behind them: when they arrived says nothing.
        _backlog = bytes >= FullTerminal || _expectedInstants > Math.Max(BacklogSeconds * (_format?.SampleRate ?? double.MaxValue), 2 * _frameInstants);
    }

    public DeviceStatistics Statistics(FrameCounts frames) => new()
    {
        Frames = frames,
        Received = _received,
        Interpolated = _gaps?.Interpolated ?? 0,
        Missing = _gaps?.Missing ?? 0,
        Duplicates = _duplicates,
        Late = _late,
        Restarts = _restarts,
        Settled = _settled,
        DriftPpm = _clock?.DriftPpm ?? 0,
    };

    public void OnFormat(StreamFormat format)
    {
        if (_format is null)
        {
            _format = format;
            _millivolts = [.. format.NanovoltsPerCount.Select(n => (float)(n / 1e6))];
            _zeros = [.. format.ZeroCounts.IsEmpty ? Enumerable.Repeat(0f, format.Channels.Count) : format.ZeroCounts.Select(zero => (float)zero)];
            _inputs = [.. format.Inputs.IsEmpty ? Enumerable.Range(0, format.Channels.Count) : format.Inputs];
            _clock = new SampleClock(format.SampleRate);
            _counter = new SampleCounter(_counted ? profile.CounterBits : 32, format.SampleRate);
            _gaps = new GapFiller(format.Channels.Count, format.SampleRate, options.LongestInterpolation);
            _leastLength = Math.Max(1, (int)Math.Round(BlockSeconds * format.SampleRate));
            _settledAt = (long)Math.Round(profile.Settling.TotalSeconds * format.SampleRate);
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
        if (_format is null || frame.Channels < _inputs.Length) return;
        Frames++;
        var instants = _frameInstants = frame.Instants;
        if (!timed && _arrivedInstants == 0) _clock!.Observe(0, options.RecordingStart ?? _arrival);
        if (!_counted && _placedInstants == 0) BeginAfterSilence();
        var placement = _counter!.Place(frame.Counter, instants, ByTime(instants), out var index);
        _arrivedInstants += instants;
        _placedInstants += instants;
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
                _settledAt = index + (long)Math.Round(profile.Settling.TotalSeconds * _format.SampleRate);
                log.LogWarning("{Name}: the device has restarted.", name);
                break;
        }

        if (index < _settledAt)
        {
            _settled += instants;
            return;
        }

        Append(frame, index, placement == FramePlacement.InOrder);
    }

    /// <summary>
    /// Gives the blocks of the bytes that arrived together. Of those only the last sample says what time it is: the others have waited for it.
    /// </summary>
    public void Flush()
    {
        if (_placedInstants > 0)
        {
            if (_afterSilence) CountSilence();
            if (timed) Observe();
            _lastArrival = _arrival;
        }

        if (_length >= _leastLength) Close();
        foreach (var run in _pending)
            emit(new EcgBlock
            {
                Channels = _format!.Channels,
                SampleRate = _format.SampleRate,
                FirstSample = run.First,
                Start = _clock!.TimeOf(run.First) + _clockSet,
                Samples = run.Samples,
                LeadOff = run.LeadOff,
                Interpolated = run.Interpolated,
            });
        _pending.Clear();
    }

    /// <summary>Gives what is left, when no more will come.</summary>
    public void End()
    {
        Close();
        _placedInstants = 0;
        Flush();
    }

    private void Observe()
    {
        _clock!.Observe(_counter!.Next, _arrival);
        var rate = _format!.SampleRate;
        if (_rateJudged || _counter.Next < RateSeconds * rate) return;
        _rateJudged = true;
        if (Math.Abs(_clock.DriftPpm) < StrangePpm) return;
        log.LogWarning("{Name}: the device sends {True} samples a second and its profile says {Rate}: put the true number into sampleRate.",
            name, (rate * (1 + _clock.DriftPpm / 1e6)).ToString("0.0", CultureInfo.InvariantCulture), rate);
    }

    /// <summary>The index that the frame's first sample should have by its arrival; null when the arrival says nothing.</summary>
    private long? ByTime(int instants) => timed && !_backlog && _counted && _clock!.IsAnchored
        ? _clock.IndexAt(_arrival) - Math.Max(instants, _expectedInstants - _placedInstants)
        : null;

    /// <summary>Without a counter, only a silence can hide a loss. What comes behind one may have to be moved, and so begins a run of its own.</summary>
    private void BeginAfterSilence()
    {
        _afterSilence = timed && !_backlog && _clock!.IsAnchored && (_arrival - _lastArrival).TotalSeconds > GapSeconds;
        if (_afterSilence) Close();
    }

    private void CountSilence()
    {
        _afterSilence = false;
        var lost = _clock!.IndexAt(_arrival) - _counter!.Next;
        if (lost <= GapSeconds * _format!.SampleRate) return;
        Close();
        var from = _counter.Next - _placedInstants;
        for (var i = 0; i < _pending.Count; i++)
            if (_pending[i].First >= from)
                _pending[i] = _pending[i] with { First = _pending[i].First + lost };
        _counter.Skip(lost);
        _gaps!.Skip(lost);
    }

    private void Append(in SampleFrame frame, long index, bool certain)
    {
        var instants = frame.Instants;
        var leadIn = _gaps!.LeadIn(index, certain);
        // What is bridged is the beginning of its block: whoever wants to leave it out, as a recording does, knows where it stands.
        if (_length > 0 && (leadIn > 0 || _first + _length != index)) Close();
        if (_length == 0) _first = index - leadIn;
        Reserve(leadIn + instants);

        var off = LeadOff(frame);
        var values = frame.Values;
        for (var channel = 0; channel < _inputs.Length; channel++)
        {
            float scale = _millivolts[channel], zero = _zeros[channel];
            var line = _samples.AsSpan(channel * _capacity + _length, leadIn + instants);
            for (int i = leadIn, at = _inputs[channel]; i < line.Length; i++, at += frame.Channels) line[i] = (values[at] - zero) * scale;
            _gaps.Bridge(channel, line, leadIn);
        }

        _gaps.Advance(index + instants);
        _received += instants;
        _interpolated += leadIn;
        _length += leadIn + instants;
        _leadOff |= leadIn > 0 ? off | _lastLeadOff : off;
        _lastLeadOff = off;
        if (_length >= _leastLength) Close();
    }

    private uint LeadOff(in SampleFrame frame)
    {
        var off = profile.LeadOff == LeadOffSource.Rail ? Railed(frame) : 0;
        // Frames that describe themselves have the profile's word for it too.
        if (_format!.Inputs.IsEmpty) return off | frame.LeadOff;
        if ((profile.LeadOff == LeadOffSource.Frame || profile.TestsLeads) && frame.LeadOff != 0)
            for (var channel = 0; channel < _inputs.Length; channel++)
                off |= (frame.LeadOff >> _inputs[channel] & 1) << channel;
        return off;
    }

    private uint Railed(in SampleFrame frame)
    {
        uint off = 0;
        for (var channel = 0; channel < _inputs.Length; channel++)
            for (var at = _inputs[channel]; at < frame.Values.Length; at += frame.Channels)
                if (Math.Abs((long)frame.Values[at]) >= profile.RailCounts)
                    off |= 1u << channel;
        return off;
    }

    private void Reserve(int more)
    {
        if (_length + more <= _capacity) return;
        var capacity = Math.Max(2 * (_length + more), 4 * _leastLength);
        var samples = new float[_inputs.Length * capacity];
        for (var channel = 0; channel < _inputs.Length; channel++) _samples.AsSpan(channel * _capacity, _length).CopyTo(samples.AsSpan(channel * capacity));
        (_samples, _capacity) = (samples, capacity);
    }

    private void Close()
    {
        if (_length == 0) return;
        var samples = new float[_inputs.Length * _length];
        for (var channel = 0; channel < _inputs.Length; channel++) _samples.AsSpan(channel * _capacity, _length).CopyTo(samples.AsSpan(channel * _length));
        _pending.Add(new Run(_first, samples, _leadOff, _interpolated));
        (_length, _leadOff, _interpolated) = (0, 0, 0);
    }

    private readonly record struct Run(long First, float[] Samples, uint LeadOff, int Interpolated);
}
