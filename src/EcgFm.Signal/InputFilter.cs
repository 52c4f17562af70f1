namespace EcgFm.Signal;

/// <summary>What a network was trained to have done to its input before it is standardised.</summary>
public enum InputFilter
{
    /// <summary>Nothing, as ECG-FM's authors do.</summary>
    None,

    /// <summary>A zero-phase Butterworth band-pass, 0.5 to 40 Hz, order 4, over the whole window.</summary>
    BandPass,
}
