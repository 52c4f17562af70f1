namespace EcgFm.Acquisition.Simulation;

/// <summary>
/// What the atria, and in ventricular fibrillation the ventricles, add between the beats: fibrillatory and flutter waves.
/// </summary>
/// <remarks>
/// Fibrillatory waves are the sawtooth of Stridh and Sörnmo, "Spatiotemporal QRST cancellation techniques for analysis of atrial fibrillation", IEEE Trans.
/// Biomed. Eng. 48:105–111, 2001: a fundamental with falling harmonics, modulated in amplitude and frequency; here modulated by filtered noise, and from
/// three places that are not in step, so that the leads differ: one before V1, one towards the feet, one to the left.
/// </remarks>
internal sealed class AtrialActivity(Individual person, RandomStream random, double sampleRate)
{
    private const int Sources = 3;

    private static readonly Dipole[] Atrial = [new(-0.30, 0.16, -0.92), new(0.05, 0.62, -0.05), new(0.40, 0.06, 0.10)];
    private static readonly Dipole[] Ventricular = [new(0.25, 0.60, -0.35), new(0.60, -0.20, 0.30), new(-0.20, 0.35, 0.65)];

    private readonly float _dt = (float)(1 / sampleRate);
    private readonly float _slow = (float)(1 - Math.Exp(-1 / (0.35 * sampleRate)));
    private readonly float _ramp = (float)(1 - Math.Exp(-1 / (0.12 * sampleRate)));
    private readonly double[] _phase = [random.Uniform(), random.Uniform(), random.Uniform()];
    private readonly float[] _frequencyDrift = new float[Sources];
    private readonly float[] _amplitudeDrift = new float[Sources];
    private float _fibrillation;
    private float _flutter;
    private float _ventricular;
    private double _flutterInterval = 0.2;

    public void AddTo(Span<float> x, Span<float> y, Span<float> z, long first, Timeline.EpisodeSpan span)
    {
        var rhythm = span.Episode.Rhythm;
        if (rhythm == RhythmKind.AtrialFlutter) _flutterInterval = BeatSequencer.FlutterInterval(person, span.Episode);
        Fade(ref _fibrillation, rhythm == RhythmKind.AtrialFibrillation, x, y, z, Atrial, (float)person.FibrillatoryAmplitude, (float)person.FibrillatoryFrequency, 0.35f);
        Fade(ref _ventricular, rhythm == RhythmKind.VentricularFibrillation, x, y, z, Ventricular, 0.42f, 4.9f, 0.9f);
        Flutter(x, y, z, first, rhythm == RhythmKind.AtrialFlutter);
    }

    private void Fade(ref float level, bool on, Span<float> x, Span<float> y, Span<float> z, Dipole[] places, float amplitude, float frequency, float restless)
    {
        if (!on && level < 1e-3f)
        {
            level = 0;
            return;
        }

        // Filtered noise of deviation 1 needs this gain on its input.
        var kick = MathF.Sqrt(2 * _slow);
        for (var i = 0; i < x.Length; i++)
        {
            level += _ramp * ((on ? 1 : 0) - level);
            for (var source = 0; source < Sources; source++)
            {
                ref var frequencyDrift = ref _frequencyDrift[source];
                ref var amplitudeDrift = ref _amplitudeDrift[source];
                frequencyDrift += kick * random.Noise() - _slow * frequencyDrift;
                amplitudeDrift += kick * random.Noise() - _slow * amplitudeDrift;
                _phase[source] += _dt * (frequency * (1 + 0.04f * source) + restless * frequencyDrift);
                if (_phase[source] >= 1) _phase[source] -= 1;
                var (sin, cos) = MathF.SinCos((float)(_phase[source] * Math.Tau));

                // sin 2θ and sin 3θ from sin θ; harmonics fall as 1/k, with a little more rounding than the plain sawtooth.
                var wave = sin + 0.42f * (2 * sin * cos) + 0.2f * sin * (4 * cos * cos - 1);
                wave *= -amplitude * level * MathF.Max(0.15f, 1 + 0.33f * amplitudeDrift);
                x[i] += wave * (float)places[source].X;
                y[i] += wave * (float)places[source].Y;
                z[i] += wave * (float)places[source].Z;
            }
        }
    }

    /// <summary>Counter-clockwise flutter: a slow fall and a quick rise in the inferior leads, a small upright wave in V1.</summary>
    private void Flutter(Span<float> x, Span<float> y, Span<float> z, long first, bool on)
    {
        if (!on && _flutter < 1e-3f)
        {
            _flutter = 0;
            return;
        }

        var amplitude = (float)person.FlutterAmplitude;
        for (var i = 0; i < x.Length; i++)
        {
            _flutter += _ramp * ((on ? 1 : 0) - _flutter);
            var turns = (first + i) / (sampleRate * _flutterInterval);
            var (sin, cos) = MathF.SinCos((float)((turns - Math.Floor(turns)) * Math.Tau));
            float sin2 = 2 * sin * cos, cos2 = cos * cos - sin * sin, sin3 = sin2 * cos + cos2 * sin;
            var saw = sin + 0.45f * sin2 + 0.22f * sin3;
            var bump = 0.55f * cos + 0.35f * cos2;
            var level = amplitude * _flutter;
            x[i] += level * (0.10f * saw - 0.10f * bump);
            y[i] += level * 0.85f * saw;
            z[i] -= level * 0.55f * bump;
        }
    }
}
