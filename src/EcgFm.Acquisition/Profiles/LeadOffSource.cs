namespace EcgFm.Acquisition.Profiles;

/// <summary>How it is known that an electrode is off.</summary>
public enum LeadOffSource
{
    /// <summary>The device does not say; the quality of the signal must show it.</summary>
    None,

    /// <summary>The frames say so.</summary>
    Frame,

    /// <summary>An open input drifts to the end of the converter's range.</summary>
    Rail,
}
