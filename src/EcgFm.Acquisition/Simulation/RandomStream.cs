namespace EcgFm.Acquisition.Simulation;

/// <summary>
/// Reproducible random numbers: xoshiro256** seeded by SplitMix64 (Blackman and Vigna, "Scrambled linear pseudorandom number generators",
/// ACM Trans. Math. Softw. 47, 2021). Every part of the simulator has a stream of its own, so that drawing more for one changes nothing in another.
/// </summary>
internal sealed class RandomStream
{
    private ulong _a, _b, _c, _d;

    public RandomStream(int seed, int stream)
    {
        var state = (ulong)(uint)seed << 32 | (uint)stream;
        (_a, _b, _c, _d) = (Split(ref state), Split(ref state), Split(ref state), Split(ref state));
    }

    public ulong Bits()
    {
        var result = ulong.RotateLeft(_b * 5, 7) * 9;
        var shifted = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= shifted;
        _d = ulong.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double Uniform() => (Bits() >> 11) * (1.0 / (1UL << 53));

    public double Uniform(double min, double max) => min + (max - min) * Uniform();

    /// <summary>Normal, by Box and Muller.</summary>
    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - Uniform())) * Math.Cos(Math.Tau * Uniform());

    /// <summary>Normal, kept within limits.</summary>
    public double Normal(double mean, double deviation, double min, double max) => Math.Clamp(mean + deviation * Normal(), min, max);

    /// <summary>Nearly normal with mean 0 and deviation 1: the sum of four uniform numbers from one draw. For noise, per sample.</summary>
    public float Noise()
    {
        var bits = Bits();
        var sum = (int)(bits & 0xFFFF) + (int)(bits >> 16 & 0xFFFF) + (int)(bits >> 32 & 0xFFFF) + (int)(bits >> 48);
        return (sum - 131070) * (1.7320508f / 65536);
    }

    /// <summary>Gamma with the given shape (at least 1) and scale 1, by Marsaglia and Tsang, ACM Trans. Math. Softw. 26:363, 2000.</summary>
    public double Gamma(double shape)
    {
        var d = shape - 1.0 / 3;
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = Normal();
            var v = 1 + c * x;
            if (v <= 0) continue;
            v = v * v * v;
            if (Math.Log(1 - Uniform()) < 0.5 * x * x + d - d * v + d * Math.Log(v)) return d * v;
        }
    }

    private static ulong Split(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        return z ^ z >> 31;
    }
}
