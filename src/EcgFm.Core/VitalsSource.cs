namespace EcgFm.Core;

/// <summary>Who has counted the beats.</summary>
public enum VitalsSource
{
    /// <summary>This program, from the ECG.</summary>
    Ecg,

    /// <summary>A sensor without ECG.</summary>
    HeartRateSensor,
}
