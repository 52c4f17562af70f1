using EcgFm.Acquisition.Wfdb;
using EcgFm.Core;

namespace EcgFm.Acquisition.Simulation;

/// <summary>
/// Twelve leads of a simulated person, from the first sample to the end of the script. The same script, seed and rate give the same samples, whatever
/// the size of the pieces that they are read in.
/// </summary>
/// <remarks>
/// The heart is a moving dipole after McSharry et al. (IEEE Trans. Biomed. Eng. 50:289–294, 2003) and Sameni et al. (EURASIP J. Adv. Signal Process. 2007:43407),
/// seen by nine electrodes through Dower's projection. Noise is added at the electrodes and the leads are formed from them, so III = II − I and its kin hold to
/// rounding. An electrode that is off picks up the mains; the leads that need it have their bit set, and their samples are worthless.
/// </remarks>
public sealed class SimulatedEcg
{
    private const int Chunk = 256;
    private const double LookAhead = 0.8;

    private readonly Timeline _timeline;
    private readonly Individual _person;
    private readonly DipolePath _path = new();
    private readonly BeatSequencer _beats;
    private readonly AtrialActivity _atria;
    private readonly ElectrodeNoise _noise;
    private readonly NoiseLevels _levels;
    private readonly List<(double Time, byte Code)> _planned = [];
    private readonly List<Annotation> _annotations = [];
    private readonly float[] _dipole = new float[3 * Chunk];
    private readonly float[] _potentials = new float[Individual.ElectrodeCount * Chunk];
    private readonly float[] _leads = new float[StandardLeads.Count * Chunk];
    private readonly uint[] _leadOff = new uint[Chunk];
    private long _generated;
    private int _chunkAt = Chunk;
    private long _rhythmEpisode = -1;
    private double _rhythmEnd;
    private string? _rhythm;

    /// <param name="script">What the person goes through.</param>
    /// <param name="seed">Which person, and which course of chance.</param>
    /// <param name="sampleRate">Samples per second and lead, 50 or more.</param>
    /// <param name="noise">Disturbances where the script names none; <see cref="NoiseLevels.Quiet"/> unless given.</param>
    public SimulatedEcg(RhythmScript script, int seed = 1, double sampleRate = 500, NoiseLevels? noise = null)
    {
        ArgumentNullException.ThrowIfNull(script);
        if (!(sampleRate is >= 50 and <= 100_000)) throw new ArgumentOutOfRangeException(nameof(sampleRate), sampleRate, "The rate is 50 to 100000 samples a second.");
        Script = script;
        SampleRate = sampleRate;
        Length = script.Duration is { } duration ? (long)Math.Round(duration.TotalSeconds * sampleRate) : null;
        _levels = noise ?? NoiseLevels.Quiet;
        _timeline = new Timeline(script);
        _person = new Individual(seed);
        _beats = new BeatSequencer(_timeline, _person, new RandomStream(seed, 2), _path, _planned);
        _atria = new AtrialActivity(_person, new RandomStream(seed, 3), sampleRate);
        _noise = new ElectrodeNoise(_person, new RandomStream(seed, 4), sampleRate);
    }

    /// <summary>What the person goes through.</summary>
    public RhythmScript Script { get; }

    /// <summary>Whether the truth is kept for <see cref="TakeAnnotations"/>; without a reader it would only pile up.</summary>
    internal bool KeepsAnnotations { get; init; } = true;

    /// <summary>Samples per second and lead.</summary>
    public double SampleRate { get; }

    /// <summary>Samples per lead until the script ends; null when it never does.</summary>
    public long? Length { get; }

    /// <summary>Samples per lead read so far.</summary>
    public long Position { get; private set; }

    /// <summary>
    /// Reads the next samples: millivolts, lead after lead in the standard order [12 × span length / 12]. Fewer only at the end, which leaves the rest of
    /// each lead's part as it was.
    /// </summary>
    /// <param name="samples">Where they go.</param>
    /// <param name="leadOff">Bit n is set when lead n was off at any of the samples.</param>
    /// <returns>Samples per lead read; 0 at the end.</returns>
    /// <exception cref="ArgumentException">The span's length is no multiple of 12.</exception>
    public int Read(Span<float> samples, out uint leadOff)
    {
        var stride = samples.Length / StandardLeads.Count;
        if (stride * StandardLeads.Count != samples.Length) throw new ArgumentException("The span's length is a multiple of the 12 leads.", nameof(samples));
        leadOff = 0;
        var wanted = (int)Math.Min(stride, (Length ?? long.MaxValue) - Position);
        for (var read = 0; read < wanted;)
        {
            if (_chunkAt == Chunk) Generate();
            var count = Math.Min(wanted - read, Chunk - _chunkAt);
            for (var lead = 0; lead < StandardLeads.Count; lead++)
                _leads.AsSpan(lead * Chunk + _chunkAt, count).CopyTo(samples.Slice(lead * stride + read, count));
            foreach (var off in _leadOff.AsSpan(_chunkAt, count)) leadOff |= off;
            _chunkAt += count;
            read += count;
            Position += count;
        }

        return wanted;
    }

    /// <summary>The next block of at most so many samples per lead; null at the end of the script.</summary>
    /// <param name="length">Samples per lead.</param>
    /// <param name="start">The time of the first sample of all.</param>
    public EcgBlock? ReadBlock(int length, DateTimeOffset start)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        var first = Position;
        var count = (int)Math.Min(length, (Length ?? long.MaxValue) - first);
        if (count == 0) return null;
        var samples = new float[StandardLeads.Count * count];
        _ = Read(samples, out var leadOff);
        return new EcgBlock
        {
            Channels = StandardLeads.Layout,
            SampleRate = SampleRate,
            FirstSample = first,
            Start = start + Playback.TimeOf(first, SampleRate),
            Samples = samples,
            LeadOff = leadOff,
        };
    }

    /// <summary>
    /// The truth about what was read since the last call, in the order of time: beats (<c>N</c>, <c>V</c>) and changes of rhythm
    /// (<c>(N (SBR (B (T (AFIB (AFL (SVTA (VT (VFIB (ASYS</c>, sinus tachycardia as <c>(N</c>, for which the MIT-BIH codes have no word).
    /// </summary>
    public IReadOnlyList<Annotation> TakeAnnotations()
    {
        NoteRhythms();
        foreach (var (time, code) in _planned) _annotations.Add(new Annotation((long)Math.Round(time * SampleRate), code));
        _planned.Clear();
        _annotations.Sort((a, b) => a.Sample != b.Sample ? a.Sample.CompareTo(b.Sample) : b.Code.CompareTo(a.Code));
        var ready = _annotations.FindIndex(annotation => annotation.Sample >= Position) is var later and >= 0 ? later : _annotations.Count;
        var taken = _annotations.GetRange(0, ready);
        _annotations.RemoveRange(0, ready);
        return taken;
    }

    private static string Aux(RhythmKind rhythm) => rhythm switch
    {
        RhythmKind.Bradycardia => "(SBR",
        RhythmKind.Bigeminy => "(B",
        RhythmKind.Trigeminy => "(T",
        RhythmKind.AtrialFibrillation => "(AFIB",
        RhythmKind.AtrialFlutter => "(AFL",
        RhythmKind.SupraventricularTachycardia => "(SVTA",
        RhythmKind.VentricularTachycardia => "(VT",
        RhythmKind.VentricularFibrillation => "(VFIB",
        RhythmKind.Asystole => "(ASYS",
        _ => "(N",
    };

    private static uint LeadsWithout(Electrodes off)
    {
        if (off == Electrodes.None) return 0;
        const uint Limb = 0b111111, Precordial = 0b111111000000;
        uint leads = 0;
        if ((off & Electrodes.RL) != 0) leads |= Limb | Precordial;

        // Each limb electrode is in the augmented leads and, by the central terminal, in all precordial ones; one bipolar lead does without it.
        if ((off & Electrodes.RA) != 0) leads |= (Limb | Precordial) & ~(1u << (int)Lead.III);
        if ((off & Electrodes.LA) != 0) leads |= (Limb | Precordial) & ~(1u << (int)Lead.II);
        if ((off & Electrodes.LL) != 0) leads |= (Limb | Precordial) & ~(1u << (int)Lead.I);
        for (var lead = 0; lead < 6; lead++)
            if (((int)off & (int)Electrodes.V1 << lead) != 0)
                leads |= 1u << (int)Lead.V1 + lead;
        return leads;
    }

    private void NoteRhythms()
    {
        while (true)
        {
            var span = _rhythmEpisode < 0 ? _timeline.At(0) : _timeline.At(_rhythmEnd);
            if (span.Index == _rhythmEpisode || SampleOf(span.Start) >= Position) return;
            _rhythmEpisode = span.Index;
            _rhythmEnd = span.End;
            var rhythm = Aux(span.Episode.Rhythm);
            if (rhythm != _rhythm) _annotations.Add(new Annotation(SampleOf(span.Start), AnnotationCode.Rhythm, rhythm));
            _rhythm = rhythm;
        }
    }

    private long SampleOf(double time) => double.IsPositiveInfinity(time) ? long.MaxValue : (long)Math.Ceiling(time * SampleRate - 1e-6);

    private void Generate()
    {
        _chunkAt = 0;
        _beats.AdvanceTo((_generated + Chunk) / SampleRate + LookAhead);
        if (!KeepsAnnotations) _planned.Clear();
        Array.Clear(_dipole);
        _path.AddTo(_dipole.AsSpan(0, Chunk), _dipole.AsSpan(Chunk, Chunk), _dipole.AsSpan(2 * Chunk, Chunk), _generated, SampleRate);
        for (var at = 0; at < Chunk;)
        {
            // A hair behind the sample, so that rounding cannot put it before the episode that begins with it.
            var span = _timeline.At((_generated + at) / SampleRate + 1e-9);
            var length = (int)Math.Clamp(SampleOf(span.End) - _generated - at, 1, Chunk - at);
            _atria.AddTo(_dipole.AsSpan(at, length), _dipole.AsSpan(Chunk + at, length), _dipole.AsSpan(2 * Chunk + at, length), _generated + at, span);
            Project(at, length);
            var off = span.Episode.Off;
            _noise.AddTo(_potentials, Chunk, at, length, _generated + at, span.Episode.Noise ?? _levels, off);
            _leadOff.AsSpan(at, length).Fill(LeadsWithout(off));
            at += length;
        }

        FormLeads();
        _generated += Chunk;
    }

    private void Project(int at, int length)
    {
        ReadOnlySpan<float> x = _dipole.AsSpan(at, length), y = _dipole.AsSpan(Chunk + at, length), z = _dipole.AsSpan(2 * Chunk + at, length);
        for (var electrode = 0; electrode < Individual.ElectrodeCount; electrode++)
        {
            float a = _person.Electrodes[3 * electrode], b = _person.Electrodes[3 * electrode + 1], c = _person.Electrodes[3 * electrode + 2];
            var potential = _potentials.AsSpan(electrode * Chunk + at, length);
            for (var i = 0; i < potential.Length; i++) potential[i] = a * x[i] + b * y[i] + c * z[i];
        }
    }

    private void FormLeads()
    {
        ReadOnlySpan<float> ra = _potentials.AsSpan(0, Chunk), la = _potentials.AsSpan(Chunk, Chunk), ll = _potentials.AsSpan(2 * Chunk, Chunk);
        for (var i = 0; i < Chunk; i++)
        {
            float one = la[i] - ra[i], two = ll[i] - ra[i], central = (ra[i] + la[i] + ll[i]) / 3;
            _leads[i] = one;
            _leads[Chunk + i] = two;
            _leads[2 * Chunk + i] = two - one;
            _leads[3 * Chunk + i] = -(one + two) / 2;
            _leads[4 * Chunk + i] = one - two / 2;
            _leads[5 * Chunk + i] = two - one / 2;
            for (var lead = 6; lead < StandardLeads.Count; lead++) _leads[lead * Chunk + i] = _potentials[(lead - 3) * Chunk + i] - central;
        }
    }
}
