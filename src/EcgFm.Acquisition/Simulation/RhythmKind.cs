namespace EcgFm.Acquisition.Simulation;

/// <summary>What the simulated heart does.</summary>
public enum RhythmKind
{
    /// <summary>Sinus rhythm with respiratory and slower variability, 60 to 95 beats a minute unless a rate is given.</summary>
    Sinus,

    /// <summary>Sinus bradycardia, 38 to 55 beats a minute.</summary>
    Bradycardia,

    /// <summary>Sinus tachycardia, 105 to 145 beats a minute.</summary>
    Tachycardia,

    /// <summary>Sinus rhythm in which every second beat is a ventricular premature one.</summary>
    Bigeminy,

    /// <summary>Sinus rhythm in which every third beat is a ventricular premature one.</summary>
    Trigeminy,

    /// <summary>Atrial fibrillation: irregular RR intervals without memory, no P wave, fibrillatory waves.</summary>
    AtrialFibrillation,

    /// <summary>Typical atrial flutter at about 300 a minute, conducted 2:1 to 4:1.</summary>
    AtrialFlutter,

    /// <summary>Regular narrow tachycardia without P before the QRS, 160 to 210 beats a minute.</summary>
    SupraventricularTachycardia,

    /// <summary>Monomorphic ventricular tachycardia with dissociated P waves, 130 to 220 beats a minute.</summary>
    VentricularTachycardia,

    /// <summary>Ventricular fibrillation.</summary>
    VentricularFibrillation,

    /// <summary>No beat at all.</summary>
    Asystole,
}
