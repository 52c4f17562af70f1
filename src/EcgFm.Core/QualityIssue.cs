namespace EcgFm.Core;

/// <summary>A reason why a lead, or a whole window, is not fit for analysis.</summary>
[Flags]
public enum QualityIssue
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The source does not have the lead.</summary>
    Absent = 1,

    /// <summary>An electrode is off.</summary>
    LeadOff = 2,

    /// <summary>Too many samples are missing.</summary>
    Missing = 4,

    /// <summary>The signal does not move.</summary>
    Flat = 8,

    /// <summary>The signal is at the limits of the amplifier.</summary>
    Saturated = 16,

    /// <summary>Noise outweighs the signal.</summary>
    Noise = 32,
}
