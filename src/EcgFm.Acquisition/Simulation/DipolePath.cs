namespace EcgFm.Acquisition.Simulation;

/// <summary>The Gaussians that are under way, summed sample by sample.</summary>
internal sealed class DipolePath
{
    // Beyond four and a half deviations a wave of 2 mV is below 0.1 µV.
    private const double Reach = 4.5;

    private Placed[] _waves = new Placed[64];
    private int _count;

    public void Add(double centre, double width, Dipole peak)
    {
        if (_count == _waves.Length) Array.Resize(ref _waves, 2 * _count);
        _waves[_count++] = new Placed(centre, width, (float)peak.X, (float)peak.Y, (float)peak.Z);
    }

    /// <summary>Adds the waves to a run of samples that begins at sample <paramref name="first"/>, and forgets those that have passed.</summary>
    public void AddTo(Span<float> x, Span<float> y, Span<float> z, long first, double sampleRate)
    {
        var kept = 0;
        for (var w = 0; w < _count; w++)
        {
            var wave = _waves[w];
            var begin = (long)Math.Ceiling((wave.Centre - Reach * wave.Width) * sampleRate) - first;
            var end = (long)Math.Floor((wave.Centre + Reach * wave.Width) * sampleRate) + 1 - first;
            if (end > x.Length) _waves[kept++] = wave;
            if (begin >= x.Length || end <= 0) continue;
            int from = (int)Math.Max(begin, 0), to = (int)Math.Min(end, x.Length);
            var step = (float)(1 / (sampleRate * wave.Width));
            var origin = (float)(((first + from) / sampleRate - wave.Centre) / wave.Width);
            for (var i = from; i < to; i++)
            {
                var u = origin + (i - from) * step;
                var g = MathF.Exp(-0.5f * u * u);
                x[i] += wave.X * g;
                y[i] += wave.Y * g;
                z[i] += wave.Z * g;
            }
        }

        _count = kept;
    }

    private readonly record struct Placed(double Centre, double Width, float X, float Y, float Z);
}
