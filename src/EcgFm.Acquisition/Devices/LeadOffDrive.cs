using EcgFm.Acquisition.Frames;
using EcgFm.Acquisition.Profiles;

namespace EcgFm.Acquisition.Devices;

/// <summary>Takes the current of a lead-off test out of the samples, and tells from what it finds which electrodes are off.</summary>
/// <remarks>
/// A wave takes a whole number of samples. A sample less the mean of the wave that ends with it has lost the slow part of the ECG and nothing of the current; the mean of
/// these over the last four seconds, for each place in the wave, is the voltage of the current, whatever its form. The rest of the ECG is not in step with it and averages
/// out, to some hundredths of its height.
/// </remarks>
internal sealed class LeadOffDrive : IFrameSink
{
    private const double Seconds = 4;

    private readonly IFrameSink _next;
    private readonly LeadOffTest _test;
    private readonly int _channels, _period;
    private readonly double[] _volts, _cosines, _sines, _means;
    private readonly int[] _wave, _waveSums, _recent, _phases, _counts;
    private readonly long[] _sums;
    private int[] _values = [];
    private int _at, _filled, _waveAt, _inWave;
    private uint _expected;

    /// <param name="profile">The board; its test is on.</param>
    /// <param name="next">Gets the frames without the current's voltage.</param>
    public LeadOffDrive(DeviceProfile profile, IFrameSink next)
    {
        (_next, _test) = (next, profile.LeadOffTest!);
        _channels = profile.KnownFraming.Inputs(profile.Framing);
        _period = _test.SamplesOfWave(profile.SampleRate);
        var length = (int)(Seconds * profile.SampleRate / _period) * _period;
        _volts = new double[_channels];
        foreach (var channel in profile.Channels) _volts[channel.Input] = Math.Abs(channel.MicrovoltsPerCount) / 1e6;
        _cosines = [.. Enumerable.Range(0, _period).Select(i => 2.0 / _period * Math.Cos(2 * Math.PI * i / _period))];
        _sines = [.. Enumerable.Range(0, _period).Select(i => 2.0 / _period * Math.Sin(2 * Math.PI * i / _period))];
        _means = new double[_period];
        (_wave, _waveSums) = (new int[_period * _channels], new int[_channels]);
        (_recent, _phases) = (new int[length * _channels], new int[length]);
        (_counts, _sums) = (new int[_period], new long[_period * _channels]);
        Ohms = new double[_channels];
    }

    /// <summary>The impedance of the electrodes of each input as it was found last; meaningless for an input that is not used.</summary>
    public double[] Ohms { get; }

    public void OnFormat(StreamFormat format) => _next.OnFormat(format);

    public void OnSamples(in SampleFrame frame)
    {
        if (_values.Length < frame.Values.Length) _values = new int[frame.Values.Length];
        var values = _values.AsSpan(0, frame.Values.Length);
        frame.Values.CopyTo(values);
        var off = frame.LeadOff;
        if ((frame.Counter - _expected) % (uint)_period != 0) _inWave = 0;
        _expected = frame.Counter + (uint)frame.Instants;
        for (var i = 0; i < frame.Instants; i++) off |= Clean(values.Slice(i * _channels, _channels), (int)((frame.Counter + (uint)i) % (uint)_period));
        _next.OnSamples(new SampleFrame { Counter = frame.Counter, DeviceMicroseconds = frame.DeviceMicroseconds, LeadOff = off, Channels = frame.Channels, Values = values });
    }

    private uint Clean(Span<int> instant, int phase)
    {
        if (FollowWave(instant)) Remember(instant, phase);
        if (_counts.AsSpan().Contains(0)) return 0;
        uint off = 0;
        for (var channel = 0; channel < _channels; channel++)
        {
            if (_volts[channel] == 0) continue;
            double all = 0, cosine = 0, sine = 0;
            for (var i = 0; i < _period; i++)
            {
                var mean = _means[i] = (double)_sums[i * _channels + channel] / _counts[i] / _period;
                all += mean;
                cosine += mean * _cosines[i];
                sine += mean * _sines[i];
            }

            instant[channel] -= (int)Math.Round(_means[phase] - all / _period);
            Ohms[channel] = Math.Sqrt(cosine * cosine + sine * sine) * _volts[channel] / _test.Amperes - _test.SeriesOhms;
            if (Ohms[channel] > _test.OffOhms) off |= 1u << channel;
        }

        return off;
    }

    /// <summary>Keeps the sums of the last wave; false while it is not whole.</summary>
    private bool FollowWave(ReadOnlySpan<int> instant)
    {
        if (_inWave == 0)
        {
            Array.Clear(_wave);
            Array.Clear(_waveSums);
        }

        var oldest = _wave.AsSpan(_waveAt * _channels, _channels);
        for (var channel = 0; channel < _channels; channel++) _waveSums[channel] += instant[channel] - oldest[channel];
        instant.CopyTo(oldest);
        _waveAt = (_waveAt + 1) % _period;
        _inWave = Math.Min(_inWave + 1, _period);
        return _inWave == _period;
    }

    private void Remember(ReadOnlySpan<int> instant, int phase)
    {
        var recent = _recent.AsSpan(_at * _channels, _channels);
        var full = _filled == _phases.Length;
        var sums = _sums.AsSpan(phase * _channels, _channels);
        if (full)
        {
            _counts[_phases[_at]]--;
            var old = _sums.AsSpan(_phases[_at] * _channels, _channels);
            for (var channel = 0; channel < _channels; channel++) old[channel] -= recent[channel];
        }
        else
        {
            _filled++;
        }

        for (var channel = 0; channel < _channels; channel++)
        {
            // Times the samples of a wave, to stay whole.
            recent[channel] = instant[channel] * _period - _waveSums[channel];
            sums[channel] += recent[channel];
        }

        _counts[phase]++;
        _phases[_at] = phase;
        _at = (_at + 1) % _phases.Length;
    }
}
