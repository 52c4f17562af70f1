using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EcgFm.Signal;

/// <summary>A Butterworth band-pass run forward and backward over a whole window, so that it delays nothing.</summary>
/// <remarks>
/// Equal to <c>scipy.signal.sosfiltfilt(scipy.signal.butter(order, [low, high], "bandpass", fs=fs, output="sos"), x)</c> with scipy's defaults: both ends are
/// continued by 3 · (2 · order + 1) samples mirrored through the end point, and the filter starts in the steady state of the first sample
/// (Gustafsson 1996 describes the alternatives). Four leads go through at once, one per lane, in double precision: at 0.5 Hz of 500 Hz the poles are too close
/// to the unit circle for less. Immutable and thread-safe.
/// </remarks>
public sealed class ZeroPhaseBandPass
{
    private const int Lanes = 4;
    private readonly ButterworthBandPass _filter;
    private readonly double _gain;

    /// <param name="low">The lower edge in hertz.</param>
    /// <param name="high">The upper edge in hertz.</param>
    /// <param name="order">The order of the low-pass prototype.</param>
    /// <param name="sampleRate">Samples per second.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 &lt; low &lt; high &lt; half the sampling rate, or the order is not positive.</exception>
    public ZeroPhaseBandPass(double low = 0.5, double high = 40, int order = 4, double sampleRate = 500)
    {
        _filter = new ButterworthBandPass(order, low, high, sampleRate);
        _gain = _filter.Gain * _filter.Gain;
        Padding = 3 * ((2 * order) + 1);
    }

    /// <summary>By how many samples each end is continued; a lead must be longer than this.</summary>
    public int Padding { get; }

    /// <summary>Filters leads in place.</summary>
    /// <param name="samples">Lead after lead [leads × length], in any unit; a missing sample (NaN) would spread over its whole lead: fill it first.</param>
    /// <param name="length">Samples per lead.</param>
    /// <exception cref="ArgumentException">The length is not longer than <see cref="Padding"/>, or the samples are no whole number of leads.</exception>
    public void Apply(Span<float> samples, int length)
    {
        if (length <= Padding) throw new ArgumentException($"A lead must have more than {Padding} samples.", nameof(length));
        if (samples.Length % length != 0) throw new ArgumentException("The samples are no whole number of leads.", nameof(samples));

        var padded = length + (2 * Padding);
        var rented = ArrayPool<double>.Shared.Rent(padded * Lanes);
        var buffer = rented.AsSpan(0, padded * Lanes);
        var rows = MemoryMarshal.Cast<double, Vector256<double>>(buffer);
        for (var first = 0; first < samples.Length; first += Lanes * length)
        {
            var group = samples.Slice(first, Math.Min(Lanes * length, samples.Length - first));
            Load(group, length, buffer);
            Pass(rows);
            rows.Reverse();
            Pass(rows);
            rows.Reverse();
            Store(group, length, buffer);
        }

        ArrayPool<double>.Shared.Return(rented);
    }

    private void Load(ReadOnlySpan<float> group, int length, Span<double> buffer)
    {
        if (group.Length < Lanes * length) buffer.Clear();
        for (var lane = 0; lane < group.Length / length; lane++)
        {
            var lead = group.Slice(lane * length, length);
            double first = lead[0], last = lead[^1];
            for (var i = 0; i < Padding; i++)
            {
                buffer[(i * Lanes) + lane] = (2 * first) - lead[Padding - i];
                buffer[((Padding + length + i) * Lanes) + lane] = (2 * last) - lead[length - 2 - i];
            }

            var at = (Padding * Lanes) + lane;
            foreach (var sample in lead)
            {
                buffer[at] = sample;
                at += Lanes;
            }
        }
    }

    private void Store(Span<float> group, int length, ReadOnlySpan<double> buffer)
    {
        for (var lane = 0; lane < group.Length / length; lane++)
        {
            var at = (Padding * Lanes) + lane;
            foreach (ref var sample in group.Slice(lane * length, length))
            {
                sample = (float)(buffer[at] * _gain);
                at += Lanes;
            }
        }
    }

    /// <summary>One pass over the padded leads, in place, without the gain.</summary>
    private void Pass(Span<Vector256<double>> rows)
    {
        // A constant input: the zero at 0 Hz keeps it from the output of the first section, so that the rest are at rest.
        var constant = rows[0];
        foreach (var (a1, a2) in _filter.Sections)
        {
            // Direct form II transposed: y = x + s1, s1 = s2 − a1 y, s2 = −x − a2 y; steady for y = 0 when s1 = s2 = −x.
            var (s1, s2) = (-constant, -constant);
            var (m1, m2) = (Vector256.Create(-a1), Vector256.Create(-a2));
            foreach (ref var row in rows)
            {
                var x = row;
                var y = x + s1;
                s1 = Vector256.FusedMultiplyAdd(m1, y, s2);
                s2 = Vector256.FusedMultiplyAdd(m2, y, -x);
                row = y;
            }

            constant = Vector256<double>.Zero;
        }
    }
}
