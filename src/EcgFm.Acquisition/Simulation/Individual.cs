namespace EcgFm.Acquisition.Simulation;

/// <summary>
/// One simulated person: the waves of the dipole and how they reach the electrodes, drawn from a seed around a healthy adult.
/// </summary>
/// <remarks>
/// The dipole's path is a sum of Gaussians along the heart cycle, as in McSharry, Clifford, Tarassenko and Smith, "A dynamical model for generating
/// synthetic electrocardiogram signals", IEEE Trans. Biomed. Eng. 50:289–294, 2003, in the three-dimensional form of Sameni, Clifford, Jutten and
/// Shamsollahi, "Multichannel ECG and noise modeling: application to maternal and fetal ECG signals", EURASIP J. Adv. Signal Process. 2007:43407, whose
/// path is evaluated in closed form. Here the Gaussians stand for the heart's own vectors (septum, free wall, apex, base), and their places depend on
/// the RR interval wave by wave: the QRS does not stretch, QT follows the cube root (Fridericia, Acta Med. Scand. 53:469, 1920). The leads are Dower's
/// projection of Frank's axes (Dower, Machado and Osborne, "On deriving the electrocardiogram from vectorcardiographic leads", Clin. Cardiol. 3:87–95, 1980).
/// </remarks>
internal sealed class Individual
{
    /// <summary>Electrodes that carry a potential: RA, LA, LL, V1 to V6.</summary>
    public const int ElectrodeCount = 9;

    // Rows: I, II, V1 to V6; columns: x, y, z.
    private static readonly Dipole[] Dower =
    [
        new(0.632, -0.235, 0.059), new(0.235, 1.066, -0.132),
        new(-0.515, 0.157, -0.917), new(0.044, 0.164, -1.387), new(0.882, 0.098, -1.277),
        new(1.213, 0.127, -0.601), new(1.125, 0.127, -0.086), new(0.831, 0.076, 0.230),
    ];

    private static readonly Wave[] BaseP =
    [
        new(-0.018, 0.017, new(0.030, 0.085, -0.055)),
        new(0.016, 0.019, new(0.075, 0.060, 0.040)),
    ];

    private static readonly Wave[] BaseQrs =
    [
        new(-0.0240, 0.0065, new(-0.11, -0.06, -0.22)),
        new(-0.0095, 0.0075, new(0.34, 0.30, -0.42)),
        new(0.0000, 0.0085, new(0.95, 0.78, 0.42)),
        new(0.0130, 0.0085, new(0.22, 0.05, 0.72)),
        new(0.0260, 0.0080, new(-0.16, -0.20, 0.24)),
    ];

    // The T wave rises slowly and falls fast; offsets from its peak.
    private static readonly Wave[] BaseT =
    [
        new(-0.075, 0.050, new(0.085, 0.060, -0.070)),
        new(-0.030, 0.036, new(0.150, 0.115, -0.090)),
        new(0.008, 0.027, new(0.135, 0.110, -0.055)),
    ];

    // Ventricular ectopy from the right outflow tract, the left ventricle and the right apex.
    private static readonly Wave[][] BaseEctopy =
    [
        [new(-0.034, 0.0165, new(0.15, 0.45, 0.10)), new(0.004, 0.0195, new(0.55, 1.15, 0.50)), new(0.048, 0.0180, new(0.32, 0.30, 0.55))],
        [new(-0.034, 0.0165, new(-0.25, -0.10, -0.60)), new(0.004, 0.0195, new(-0.75, -0.75, -0.80)), new(0.048, 0.0180, new(-0.38, -0.45, -0.10))],
        [new(-0.034, 0.0165, new(0.20, -0.10, 0.05)), new(0.004, 0.0195, new(0.80, -0.80, 0.60)), new(0.048, 0.0180, new(0.55, -0.50, 0.55))],
    ];

    public Individual(int seed)
    {
        var random = new RandomStream(seed, 1);
        double frontal = random.Normal(-4, 13, -30, 20), horizontal = random.Normal(0, 11, -26, 26);
        double repolarisationFrontal = frontal * 0.4 + random.Normal(-3, 6, -14, 10), repolarisationHorizontal = horizontal * 0.5 + random.Normal(0, 8, -18, 18);
        double qrsGain = Spread(0.20), tGain = Spread(0.25), pGain = Spread(0.22), qrsWidth = random.Normal(1.05, 0.07, 0.9, 1.25);
        Qrs = [.. BaseQrs.Select(wave => new Wave(wave.Offset * qrsWidth, wave.Width * qrsWidth, qrsGain * Jitter(wave.Peak, 0.10).Turn(frontal, horizontal)))];
        T = [.. BaseT.Select(wave => wave with { Peak = tGain * Jitter(wave.Peak, 0.08).Turn(repolarisationFrontal, repolarisationHorizontal) })];
        P = [.. BaseP.Select(wave => new Wave(wave.Offset, wave.Width, pGain * Jitter(wave.Peak, 0.12).Turn(random.Normal(0, 8, -20, 20), 0)))];
        PrInterval = random.Normal(0.158, 0.018, 0.12, 0.20);
        QtCorrected = random.Normal(0.408, 0.015, 0.37, 0.445);

        var ectopic = BaseEctopy[(int)random.Uniform(0, BaseEctopy.Length)];
        // Ventricular beats are rather larger than the same person's normal ones.
        double ectopicGain = 1.35 * Math.Sqrt(qrsGain) * Spread(0.12), ectopicFrontal = random.Normal(0, 12, -30, 30), ectopicHorizontal = random.Normal(0, 12, -30, 30);
        Ectopic = [.. ectopic.Select(wave => wave with { Peak = ectopicGain * Jitter(wave.Peak, 0.08).Turn(ectopicFrontal, ectopicHorizontal) })];
        EctopicT = -random.Uniform(0.30, 0.42) * (Ectopic[1].Peak + 0.5 * Ectopic[2].Peak);
        EctopicCoupling = random.Uniform(0.55, 0.70);

        SinusRate = random.Normal(73, 9, 60, 95);
        BradycardiaRate = random.Normal(47, 4, 38, 55);
        TachycardiaRate = random.Normal(122, 10, 105, 145);
        FibrillationRate = random.Normal(98, 19, 62, 150);
        FibrillationSpread = random.Uniform(0.17, 0.27);
        FlutterRate = random.Normal(294, 15, 255, 335);
        SupraventricularRate = random.Normal(180, 12, 160, 210);
        VentricularRate = random.Normal(168, 18, 130, 215);
        BreathingRate = random.Uniform(0.19, 0.31);
        BreathingPhase = random.Uniform(0, Math.Tau);
        HighFrequencyVariability = random.Uniform(0.010, 0.045);
        LowFrequencyVariability = random.Uniform(0.012, 0.035);
        FibrillatoryAmplitude = 0.052 * Spread(0.45);
        FibrillatoryFrequency = random.Normal(6.1, 0.9, 4.2, 8.6);
        FlutterAmplitude = 0.16 * Spread(0.25);
        Electrodes = ToElectrodes([.. Dower.Select((row, lead) => lead < 2 ? row : Jitter(random.Normal(1, 0.10, 0.75, 1.25) * row, 0.05))]);

        double Spread(double deviation) => Math.Exp(random.Normal(0, deviation, -2.2 * deviation, 2.2 * deviation));

        Dipole Jitter(Dipole dipole, double relative)
        {
            var size = relative * Math.Sqrt(dipole.X * dipole.X + dipole.Y * dipole.Y + dipole.Z * dipole.Z);
            return dipole + new Dipole(size * random.Normal(0, 1, -2, 2), size * random.Normal(0, 1, -2, 2), size * random.Normal(0, 1, -2, 2));
        }
    }

    /// <summary>P wave; offsets from its middle.</summary>
    public Wave[] P { get; }

    /// <summary>Normally conducted QRS; offsets from the R peak.</summary>
    public Wave[] Qrs { get; }

    /// <summary>T wave; offsets from its peak, at a QT of 0.4 s.</summary>
    public Wave[] T { get; }

    /// <summary>Ventricular beat; offsets from its peak.</summary>
    public Wave[] Ectopic { get; }

    /// <summary>The peak of a ventricular beat's T wave.</summary>
    public Dipole EctopicT { get; }

    /// <summary>Coupling of a premature beat, as a part of the RR interval.</summary>
    public double EctopicCoupling { get; }

    /// <summary>Seconds from the begin of P to the begin of QRS at 60 a minute.</summary>
    public double PrInterval { get; }

    /// <summary>Seconds of QT at 60 a minute.</summary>
    public double QtCorrected { get; }

    public double SinusRate { get; }

    public double BradycardiaRate { get; }

    public double TachycardiaRate { get; }

    public double FibrillationRate { get; }

    /// <summary>Standard deviation of RR in atrial fibrillation, as a part of its mean.</summary>
    public double FibrillationSpread { get; }

    /// <summary>Flutter waves a minute.</summary>
    public double FlutterRate { get; }

    public double SupraventricularRate { get; }

    public double VentricularRate { get; }

    /// <summary>Breaths a second.</summary>
    public double BreathingRate { get; }

    public double BreathingPhase { get; }

    /// <summary>Amplitude of RR's variation with breathing, as a part of RR.</summary>
    public double HighFrequencyVariability { get; }

    /// <summary>Amplitude of RR's variation at 0.1 Hz, as a part of RR.</summary>
    public double LowFrequencyVariability { get; }

    /// <summary>Millivolts of the fibrillatory waves' dipole.</summary>
    public double FibrillatoryAmplitude { get; }

    /// <summary>Fibrillatory waves a second.</summary>
    public double FibrillatoryFrequency { get; }

    /// <summary>Millivolts of the flutter waves' dipole.</summary>
    public double FlutterAmplitude { get; }

    /// <summary>How the dipole's three axes reach RA, LA, LL, V1 to V6, against Wilson's central terminal [9 × 3].</summary>
    public float[] Electrodes { get; }

    /// <summary>The phase of breathing: a slowly wavering rate, in closed form so that beats and baseline agree.</summary>
    public double Breathing(double time) =>
        Math.Tau * BreathingRate * time + BreathingPhase + 1.8 * Math.Sin(0.149 * time + BreathingPhase) + 0.9 * Math.Sin(0.391 * time);

    /// <summary>The limb electrodes' potentials are those whose differences are the leads and whose mean, the central terminal, is zero.</summary>
    private static float[] ToElectrodes(Dipole[] leads)
    {
        var (one, two) = (leads[0], leads[1]);
        Dipole[] rows = [-1.0 / 3 * (one + two), 1.0 / 3 * (2 * one + -1 * two), 1.0 / 3 * (2 * two + -1 * one), .. leads[2..]];
        return [.. rows.SelectMany(row => new[] { (float)row.X, (float)row.Y, (float)row.Z })];
    }
}
