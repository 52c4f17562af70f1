namespace EcgFm.Acquisition.Devices;

/// <summary>The time of each sample, from its index and the device's rate, anchored to the host's clock and slowly corrected.</summary>
/// <remarks>
/// Arrival times are late by delays that vary (adapters hold bytes for 16 ms, a busy host for longer), but no sample arrives before it was taken: the smallest
/// lateness of some seconds is the same delay each time. A proportional and integral regulator keeps that smallest lateness at zero; its integral is the drift of
/// the device's clock. What remains is the constant least delay of the line, a few milliseconds, which nobody can see from here.
/// In the first two seconds the anchor moves at once. When the host's clock is set by more than a second, times follow in one step.
/// </remarks>
public sealed class SampleClock
{
    private const double SettlingSeconds = 2;
    private const double PeriodSeconds = 4;
    private const double StepSeconds = 1;

    /// <summary>Poles of the loop at 0.85 ± 0.08i a period: it settles in about a minute and hardly overshoots.</summary>
    private const double Proportional = 0.3;

    private const double Integral = 0.03;

    /// <summary>The most that one period may be stretched for correction: time always runs forward.</summary>
    private const double MaxSlewSeconds = 0.005 * PeriodSeconds;

    private const double MaxDrift = 0.1;

    private readonly double _rate;
    private bool _settled;
    private long _start;

    private long _index;
    private DateTimeOffset _time;
    private double _stretch;
    private double _slew;

    private long _periodStart;
    private double _least = double.PositiveInfinity;

    /// <param name="sampleRate">Samples per second as the device counts them.</param>
    public SampleClock(double sampleRate)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sampleRate);
        _rate = sampleRate;
    }

    /// <summary>Whether anything was observed, so that samples have a time.</summary>
    public bool IsAnchored { get; private set; }

    /// <summary>By how many millionths the device's clock is fast against the host's, as far as known.</summary>
    public double DriftPpm => (1 / (1 + _stretch) - 1) * 1e6;

    /// <summary>How often the host's clock was set by more than a second.</summary>
    public int Steps { get; private set; }

    /// <summary>Takes note that samples arrived.</summary>
    /// <param name="end">The index after the last sample that arrived.</param>
    /// <param name="arrival">The host's time.</param>
    public void Observe(long end, DateTimeOffset arrival)
    {
        if (!IsAnchored)
        {
            IsAnchored = true;
            _start = end;
            Anchor(end, arrival);
            return;
        }

        var lateness = (arrival - TimeOf(end)).TotalSeconds;
        if (lateness < -StepSeconds)
        {
            Steps++;
            Anchor(end, arrival);
            return;
        }

        if (!_settled)
        {
            if (lateness < 0) _time += TimeSpan.FromSeconds(lateness);
            _settled = end - _start >= SettlingSeconds * _rate;
            _periodStart = end;
            return;
        }

        _least = Math.Min(_least, lateness);
        var seconds = (end - _periodStart) / _rate;
        if (seconds >= PeriodSeconds) Correct(end, seconds);
    }

    /// <summary>The time at which a sample was taken.</summary>
    /// <exception cref="InvalidOperationException">Nothing was observed yet.</exception>
    public DateTimeOffset TimeOf(long index)
    {
        if (!IsAnchored) throw new InvalidOperationException("The clock has no anchor yet.");
        var seconds = (index - _index) / _rate;
        // The correction is spread over one period and then ends, however long nothing arrives.
        var slew = _slew * Math.Clamp(seconds / PeriodSeconds, 0, 1);
        return _time + Span(seconds * (1 + _stretch) + slew);
    }

    /// <summary>The index of the sample that is taken at a time.</summary>
    /// <exception cref="InvalidOperationException">Nothing was observed yet.</exception>
    public long IndexAt(DateTimeOffset time)
    {
        if (!IsAnchored) throw new InvalidOperationException("The clock has no anchor yet.");
        return _index + (long)Math.Round((time - _time - Span(_slew)).TotalSeconds * _rate / (1 + _stretch));
    }

    private void Correct(long end, double seconds)
    {
        if (_least > StepSeconds)
        {
            Steps++;
            Anchor(end, TimeOf(end) + Span(_least));
            return;
        }

        var least = _least;
        Anchor(end, TimeOf(end));
        _stretch = Math.Clamp(_stretch + Integral * least / seconds, -MaxDrift, MaxDrift);
        _slew = Math.Clamp(Proportional * least, -MaxSlewSeconds, MaxSlewSeconds);
    }

    private void Anchor(long index, DateTimeOffset time)
    {
        _index = index;
        _time = time;
        _slew = 0;
        _periodStart = index;
        _least = double.PositiveInfinity;
    }

    private static TimeSpan Span(double seconds) => TimeSpan.FromTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond));
}
