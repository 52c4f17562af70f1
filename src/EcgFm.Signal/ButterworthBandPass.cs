using System.Collections.Immutable;
using System.Numerics;

namespace EcgFm.Signal;

/// <summary>A digital Butterworth band-pass as second-order sections.</summary>
/// <remarks>
/// The analog low-pass prototype's poles e^(iπ(2k + n + 1)/2n) go through the low-pass to band-pass transform s → (s² + ω₀²)/(B s) and the bilinear
/// transform with both edges pre-warped (Oppenheim and Schafer, Discrete-Time Signal Processing, 7.2), the same filter as
/// <c>scipy.signal.butter(order, [low, high], "bandpass", fs=fs)</c>.
/// Each section is (1 − z⁻²) / (1 + a1 z⁻¹ + a2 z⁻²): one zero at 0 Hz, one at half the sampling rate.
/// </remarks>
public sealed class ButterworthBandPass
{
    /// <param name="order">The order of the low-pass prototype; the band-pass has twice as many poles.</param>
    /// <param name="low">The lower edge (−3 dB) in hertz.</param>
    /// <param name="high">The upper edge (−3 dB) in hertz.</param>
    /// <param name="sampleRate">Samples per second.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not 0 &lt; low &lt; high &lt; half the sampling rate, or the order is not positive.</exception>
    public ButterworthBandPass(int order, double low, double high, double sampleRate)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(order);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(low);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(high, low);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(high, sampleRate / 2);

        // Analog frequencies in units of twice the sampling rate, so that the bilinear transform is z = (1 + s) / (1 − s).
        var (below, above) = (Math.Tan(Math.PI * low / sampleRate), Math.Tan(Math.PI * high / sampleRate));
        var (bandwidth, centre) = (above - below, Math.Sqrt(below * above));
        var sections = ImmutableArray.CreateBuilder<(double, double)>(order);
        for (var k = 0; k < (order + 1) / 2; k++)
        {
            var prototype = Complex.FromPolarCoordinates(1, Math.PI * ((2 * k) + order + 1) / (2 * order));
            var half = prototype * bandwidth / 2;
            var root = Complex.Sqrt((half * half) - (centre * centre));
            var (one, other) = (ToDigital(half + root), ToDigital(half - root));
            if ((2 * k) + 1 == order)
            {
                // The real pole of an odd order: its two poles make one section.
                sections.Add((-(one + other).Real, (one * other).Real));
            }
            else
            {
                // A complex pole stands for its conjugate too: each of its two poles makes a section with its own conjugate.
                sections.Add((-2 * one.Real, (one * Complex.Conjugate(one)).Real));
                sections.Add((-2 * other.Real, (other * Complex.Conjugate(other)).Real));
            }
        }

        Sections = sections.ToImmutable();
        Gain = 1 / MagnitudeOfSections(Complex.FromPolarCoordinates(1, -2 * Math.Atan(centre)));
    }

    /// <summary>The denominators 1 + A1 z⁻¹ + A2 z⁻² of the sections.</summary>
    public ImmutableArray<(double A1, double A2)> Sections { get; }

    /// <summary>The factor that makes the gain at the centre of the band one.</summary>
    public double Gain { get; }

    /// <summary>The magnitude of the frequency response: 1 in the band, 1/√2 at its edges.</summary>
    /// <param name="frequency">In hertz.</param>
    /// <param name="sampleRate">Samples per second.</param>
    public double Magnitude(double frequency, double sampleRate) =>
        Gain * MagnitudeOfSections(Complex.FromPolarCoordinates(1, -2 * Math.PI * frequency / sampleRate));

    private double MagnitudeOfSections(Complex delay)
    {
        var magnitude = 1.0;
        foreach (var (a1, a2) in Sections)
            magnitude *= Complex.Abs((1 - (delay * delay)) / (1 + (a1 * delay) + (a2 * delay * delay)));
        return magnitude;
    }

    private static Complex ToDigital(Complex pole) => (1 + pole) / (1 - pole);
}
