namespace EcgFm.Acquisition.Simulation;

/// <summary>Disturbances of each electrode. Since they are added to potentials, not to leads, Einthoven's and Goldberger's equations hold in noise too.</summary>
internal sealed class ElectrodeNoise
{
    private const int Count = Individual.ElectrodeCount;

    private readonly Individual _person;
    private readonly RandomStream _random;
    private readonly double _sampleRate;
    private readonly float[] _breathingGain = new float[Count];
    private readonly float[] _mainsGain = new float[Count];
    private readonly float[] _muscle = new float[Count];
    private readonly float[] _wander = new float[2 * Count];
    private readonly float[] _floating = new float[2 * Count];
    private readonly float[] _target = new float[Count];
    private readonly float[] _motion = new float[Count];
    private readonly float[] _floatingGain = new float[Count];
    private readonly double _mainsPhase;
    private float _swell;

    public ElectrodeNoise(Individual person, RandomStream random, double sampleRate)
    {
        (_person, _random, _sampleRate) = (person, random, sampleRate);
        _mainsPhase = random.Uniform();
        for (var e = 0; e < Count; e++)
        {
            _breathingGain[e] = (float)random.Normal(0.2, 0.5, -1.2, 1.2);
            _mainsGain[e] = (float)random.Uniform(0.2, 1);
            _floatingGain[e] = (float)random.Uniform(0.5, 1.6);
        }
    }

    /// <summary>Adds noise to the electrodes' potentials, electrode after electrode [9 × stride], from <paramref name="offset"/> on; replaces those that are off.</summary>
    public void AddTo(Span<float> potentials, int stride, int offset, int length, long first, NoiseLevels levels, Electrodes off)
    {
        var muscleLow = Coefficient(20);
        var wanderLow = Coefficient(0.22);
        var floatingLow = Coefficient(0.6);
        var swellLow = Coefficient(0.12);
        var rise = Coefficient(4);
        var fall = Coefficient(0.4);
        var swellKick = MathF.Sqrt(2 * swellLow);
        var muscleGain = (float)levels.Muscle * 1.06f;
        var wanderGain = (float)levels.Wander * 0.8f * 2 / MathF.Sqrt(wanderLow);
        var floatingScale = 0.6f * 2 / MathF.Sqrt(floatingLow);
        var breathing = (float)levels.Wander * 0.85f;
        var white = (float)levels.White;
        var jumps = levels.MotionPerMinute / 60 / _sampleRate;
        var mains = (float)levels.Mains;
        var mainsTurns = levels.MainsFrequency / _sampleRate;
        for (var i = offset; i < offset + length; i++)
        {
            var sample = first + i - offset;
            _swell += swellKick * _random.Noise() - swellLow * _swell;
            var swell = muscleGain * MathF.Max(0.25f, 1 + 0.5f * _swell);
            var breath = breathing == 0 ? 0 : breathing * MathF.Sin((float)(_person.Breathing(sample / _sampleRate) % Math.Tau));
            float hum = 0, floatingHum = 0;
            if (mains != 0 || off != Electrodes.None)
            {
                var turns = sample * mainsTurns + _mainsPhase;
                var (sin, cos) = MathF.SinCos((float)((turns - Math.Floor(turns)) * Math.Tau));
                floatingHum = sin + 0.12f * sin * (4 * cos * cos - 1);
                hum = mains * floatingHum;
            }

            if (jumps > 0 && _random.Uniform() < jumps)
            {
                var struck = (int)_random.Uniform(0, Count);
                _target[struck] += (float)_random.Normal(0, 1.1, -3, 3);
            }

            for (int e = 0, at = i; e < Count; e++, at += stride)
            {
                var noise = _random.Noise();
                _muscle[e] += muscleLow * (noise - _muscle[e]);
                _target[e] -= fall * _target[e];
                _motion[e] += rise * (_target[e] - _motion[e]);
                if (((int)off >> e & 1) == 0)
                {
                    // One draw serves muscle and wander: their bands are far apart.
                    ref var slow = ref _wander[2 * e];
                    ref var slower = ref _wander[2 * e + 1];
                    slow += wanderLow * (noise - slow);
                    slower += wanderLow * (slow - slower);
                    potentials[at] += swell * (noise - _muscle[e]) + wanderGain * slower + breath * _breathingGain[e] + hum * _mainsGain[e] + _motion[e]
                        + white * _random.Noise();
                    if ((off & Electrodes.RL) != 0) potentials[at] += 0.5f * floatingHum * _floatingGain[e];
                }
                else
                {
                    // A floating input picks up the mains and drifts; the heart is not seen.
                    ref var slow = ref _floating[2 * e];
                    ref var slower = ref _floating[2 * e + 1];
                    slow += floatingLow * (noise - slow);
                    slower += floatingLow * (slow - slower);
                    potentials[at] = Math.Clamp(floatingScale * slower + 0.8f * floatingHum * _floatingGain[e], -4, 4);
                }
            }
        }
    }

    /// <summary>The coefficient of a one-pole low-pass filter.</summary>
    private float Coefficient(double hertz) => (float)(1 - Math.Exp(-Math.Tau * hertz / _sampleRate));
}
