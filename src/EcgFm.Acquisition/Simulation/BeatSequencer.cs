using EcgFm.Acquisition.Wfdb;

namespace EcgFm.Acquisition.Simulation;

/// <summary>Decides when and how the ventricles beat, and places the waves of each beat.</summary>
internal sealed class BeatSequencer
{
    private readonly Timeline _timeline;
    private readonly Individual _person;
    private readonly RandomStream _random;
    private readonly DipolePath _path;
    private readonly List<(double Time, byte Code)> _beats;
    private double _next;
    private double _last = -1;
    private double _lastSinusP = double.NegativeInfinity;
    private double _memory = 0.8;
    private double _drift;
    private long _episode = -1;
    private (RhythmKind Rhythm, double? Rate)? _rhythm;
    private int _sinceEctopic;
    private double _rate;
    private int _ratio;
    private int _ratioMode;

    /// <param name="timeline">The script.</param>
    /// <param name="person">The person.</param>
    /// <param name="random">The stream of this part.</param>
    /// <param name="path">Where the waves go.</param>
    /// <param name="beats">Where the beats' times (seconds) and annotation codes go, in their order.</param>
    public BeatSequencer(Timeline timeline, Individual person, RandomStream random, DipolePath path, List<(double Time, byte Code)> beats)
    {
        (_timeline, _person, _random, _path, _beats) = (timeline, person, random, path, beats);
        _next = random.Uniform(0.3, 0.9);
    }

    /// <summary>Seconds from one flutter wave to the next; waves are counted from time zero, so that they go on through episodes of the same rate.</summary>
    public static double FlutterInterval(Individual person, Episode episode) =>
        60 / (episode.Rate is { } rate ? rate * FlutterRatio(person, rate) : person.FlutterRate);

    /// <summary>Places all beats up to a time.</summary>
    public void AdvanceTo(double time)
    {
        while (_next <= time) Beat();
    }

    private static int FlutterRatio(Individual person, double rate) => (int)Math.Clamp(Math.Round(person.FlutterRate / rate), 1, 8);

    private void Beat()
    {
        var span = _timeline.At(_next);
        if (span.Index != _episode)
        {
            Enter(span);

            // The new rhythm may not have its first beat here.
            if (_timeline.At(_next).Index != span.Index || HasNoBeats(span.Episode.Rhythm)) return;
        }

        var time = _next;
        switch (span.Episode.Rhythm)
        {
            case RhythmKind.AtrialFibrillation:
                Conducted(time, hasP: false);
                var fibrillation = FibrillationInterval();
                _next = Premature(span, time, fibrillation) is { } early ? early + 1.1 * fibrillation : time + fibrillation;
                break;
            case RhythmKind.AtrialFlutter:
                Conducted(time, hasP: false);
                var interval = FlutterInterval(_person, span.Episode);
                _next = OnFlutterWave(time + NextRatio() * interval, interval);
                break;
            case RhythmKind.SupraventricularTachycardia:
                Conducted(time, hasP: false);

                // The atria are reached from below, right after the ventricles.
                foreach (var wave in _person.P) _path.Add(time + 0.085 + wave.Offset, wave.Width * 0.8, -0.5 * wave.Peak);
                _next = time + 60 / _rate * (1 + 0.008 * Math.Clamp(_random.Normal(), -2.5, 2.5));
                break;
            case RhythmKind.VentricularTachycardia:
                Ventricular(time, 60 / _rate);
                SinusP(time);
                _next = time + 60 / _rate * (1 + 0.013 * Math.Clamp(_random.Normal(), -2.5, 2.5));
                break;
            default:
                Conducted(time, hasP: true);
                var rr = SinusInterval(time);
                _next = time + rr;
                if (Premature(span, time, rr) is null) break;

                // The sinus node goes on: its next P finds the ventricles refractory, the one after is conducted. That is the compensatory pause.
                PlaceP(_next, rr, 1);
                _next += SinusInterval(_next);
                break;
        }
    }

    private static bool HasNoBeats(RhythmKind rhythm) => rhythm is RhythmKind.Asystole or RhythmKind.VentricularFibrillation;

    /// <summary>Begins an episode: its rate, and its first beat at or after the planned one.</summary>
    private void Enter(Timeline.EpisodeSpan span)
    {
        var episode = span.Episode;
        var goesOn = _rhythm == (episode.Rhythm, episode.Rate);
        (_episode, _rhythm) = (span.Index, (episode.Rhythm, episode.Rate));
        if (HasNoBeats(episode.Rhythm))
        {
            _next = span.End + 0.25;
            return;
        }

        // Where only conditions change, such as an electrode that comes off, the heart goes on as it was.
        if (goesOn) return;
        _sinceEctopic = 0;
        _rate = episode.Rate ?? episode.Rhythm switch
        {
            RhythmKind.Bradycardia => _person.BradycardiaRate,
            RhythmKind.Tachycardia => _person.TachycardiaRate,
            RhythmKind.AtrialFibrillation => _person.FibrillationRate,
            RhythmKind.SupraventricularTachycardia => _person.SupraventricularRate,
            RhythmKind.VentricularTachycardia => _person.VentricularRate,
            _ => _person.SinusRate,
        };
        // A slow rhythm's next beat would come late for a fast one.
        var earliest = Math.Max(_last + 0.35, span.Start + 0.05);
        _next = Math.Max(earliest, Math.Min(_next, span.Start + 60 / _rate));
        if (episode.Rhythm != RhythmKind.AtrialFlutter) return;
        _ratioMode = episode.Rate is { } wanted ? FlutterRatio(_person, wanted) : _random.Uniform() switch { < 0.4 => 2, < 0.65 => 4, _ => 0 };
        _ratio = _ratioMode == 0 ? 2 : _ratioMode;

        // Conduction is tied to the flutter waves.
        var interval = FlutterInterval(_person, episode);
        _next = OnFlutterWave(_next + 0.5 * interval, interval);
    }

    private double SinusInterval(double time)
    {
        var mean = 60 / _rate;
        var variability = Math.Pow(Math.Min(mean, 1.1), 1.4) * Math.Clamp(mean / 0.5, 0.3, 1);
        _drift = 0.97 * _drift + 0.004 * _random.Normal();
        var relative = _person.HighFrequencyVariability * Math.Sin(_person.Breathing(time))
            + _person.LowFrequencyVariability * Math.Sin(Math.Tau * 0.095 * time + 1.3 * Math.Sin(0.087 * time) + _person.BreathingPhase)
            + Math.Clamp(_drift, -0.05, 0.05) + 0.003 * _random.Normal();
        return Math.Max(0.25, mean * (1 + variability * relative));
    }

    /// <summary>
    /// RR in fibrillation: a shifted gamma distribution without memory, skewed to the long side, as histograms of RR in AF are (mean and spread by person;
    /// the shift is the atrioventricular node's refractory time).
    /// </summary>
    private double FibrillationInterval()
    {
        const double Shape = 4.5;
        _drift = 0.97 * _drift + 0.012 * _random.Normal();
        var mean = 60 / _rate * (1 + Math.Clamp(_drift, -0.12, 0.12));
        var deviation = mean * _person.FibrillationSpread;
        return Math.Max(0.27, mean + deviation * (_random.Gamma(Shape) - Shape) / Math.Sqrt(Shape));
    }

    /// <summary>The beat that the flutter wave nearest to a time leads to.</summary>
    private double OnFlutterWave(double time, double interval) =>
        interval * (Math.Round(time / interval - 0.42) + 0.42) + 0.004 * Math.Clamp(_random.Normal(), -2, 2);

    private int NextRatio()
    {
        if (_ratioMode != 0) return _ratioMode;
        if (_random.Uniform() < 0.45)
            _ratio = _random.Uniform() switch { < 0.45 => 2, < 0.62 => 3, _ => 4 };
        return _ratio;
    }

    /// <summary>Places a premature ventricular beat after a conducted one, if there is to be one; returns its time.</summary>
    private double? Premature(Timeline.EpisodeSpan span, double time, double rr)
    {
        _sinceEctopic++;
        var comes = span.Episode.Rhythm switch
        {
            RhythmKind.Bigeminy => true,
            RhythmKind.Trigeminy => _sinceEctopic >= 2,
            _ => span.Episode.Ectopy > 0 && _random.Uniform() < span.Episode.Ectopy,
        };
        var early = time + Math.Max(0.39, rr * (_person.EctopicCoupling + 0.015 * Math.Clamp(_random.Normal(), -2, 2)));
        if (!comes || early >= span.End || early > time + 0.9 * rr) return null;
        _sinceEctopic = 0;
        Ventricular(early, rr);
        return early;
    }

    private void Conducted(double time, bool hasP)
    {
        var rr = Follow(time);
        _beats.Add((time, AnnotationCode.Normal));
        var gain = 1 + 0.05 * Math.Sin(_person.Breathing(time) + 0.6) + 0.012 * _random.Normal();
        var turn = 2.5 * Math.Sin(_person.Breathing(time));
        if (hasP) PlaceP(time, rr, gain);
        foreach (var wave in _person.Qrs) _path.Add(time + wave.Offset, wave.Width, gain * wave.Peak.Turn(turn, 0.6 * turn));

        var (peak, stretch) = Repolarisation();
        gain *= 1 + 0.02 * _random.Normal();

        // Repolarisation flattens at high rates.
        gain *= Math.Clamp(0.55 + 0.6 * _memory, 0.6, 1.08);
        foreach (var wave in _person.T) _path.Add(time + peak + wave.Offset * stretch, wave.Width * stretch, gain * wave.Peak.Turn(turn, 0));
    }

    private void Ventricular(double time, double rr)
    {
        _ = Follow(time);
        _beats.Add((time, AnnotationCode.VentricularPremature));
        var gain = 1 + 0.025 * _random.Normal();
        foreach (var wave in _person.Ectopic) _path.Add(time + wave.Offset, wave.Width, gain * wave.Peak.Turn(2 * _random.Normal(), 0));
        var qt = 1.12 * _person.QtCorrected * Math.Cbrt(Math.Clamp(rr, 0.3, 1.2));
        var peak = qt - 0.07 - 0.10 * qt / 0.4;
        _path.Add(time + peak, 0.062 * qt / 0.4, 0.75 * gain * _person.EctopicT);
        _path.Add(time + peak + 0.055 * qt / 0.4, 0.036 * qt / 0.4, 0.35 * gain * _person.EctopicT);
    }

    /// <summary>In ventricular tachycardia the sinus node goes on by itself.</summary>
    private void SinusP(double time)
    {
        var interval = 60 / Math.Max(_person.SinusRate, 80);
        if (_lastSinusP < time - 2) _lastSinusP = time - interval * _random.Uniform();
        while (_lastSinusP + interval < time + 0.1)
        {
            _lastSinusP += interval;
            foreach (var wave in _person.P) _path.Add(_lastSinusP + 0.3 + wave.Offset, wave.Width, wave.Peak);
        }
    }

    private void PlaceP(double time, double rr, double gain)
    {
        // Onset of P to onset of QRS; P's middle is 50 ms after its onset, QRS begins 40 ms before R.
        var pr = Math.Max(0.105, _person.PrInterval * Math.Clamp(0.78 + 0.22 * rr, 0.8, 1.06));
        foreach (var wave in _person.P) _path.Add(time - 0.040 - pr + 0.050 + wave.Offset, wave.Width, gain * wave.Peak);
    }

    /// <summary>When T peaks after R, and how far its waves are stretched.</summary>
    private (double Peak, double Stretch) Repolarisation()
    {
        var qt = _person.QtCorrected * Math.Cbrt(Math.Clamp(_memory, 0.3, 1.5));
        var stretch = qt / 0.4;
        return (qt - 0.040 - 0.070 * stretch, stretch);
    }

    /// <summary>Takes note of a beat; returns the RR interval before it. Repolarisation follows RR with memory, not beat by beat.</summary>
    private double Follow(double time)
    {
        var rr = _last < 0 ? 60 / _rate : Math.Clamp(time - _last, 0.27, 2);
        _memory += 0.22 * (rr - _memory);
        if (_last < 0) _memory = rr;
        _last = time;
        return rr;
    }
}
