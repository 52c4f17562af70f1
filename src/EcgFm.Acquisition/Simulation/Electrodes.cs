namespace EcgFm.Acquisition.Simulation;

/// <summary>A set of the ten electrodes of the standard ECG.</summary>
[Flags]
public enum Electrodes
{
    /// <summary>No electrode.</summary>
    None = 0,

    /// <summary>Right arm.</summary>
    RA = 1,

    /// <summary>Left arm.</summary>
    LA = 2,

    /// <summary>Left leg.</summary>
    LL = 4,

    /// <summary>First precordial.</summary>
    V1 = 8,

    /// <summary>Second precordial.</summary>
    V2 = 16,

    /// <summary>Third precordial.</summary>
    V3 = 32,

    /// <summary>Fourth precordial.</summary>
    V4 = 64,

    /// <summary>Fifth precordial.</summary>
    V5 = 128,

    /// <summary>Sixth precordial.</summary>
    V6 = 256,

    /// <summary>Right leg, the common reference.</summary>
    RL = 512,
}
