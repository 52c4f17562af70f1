namespace EcgFm.Acquisition.Simulation;

/// <summary>A stretch of one rhythm under the same conditions.</summary>
/// <param name="Rhythm">What the heart does.</param>
/// <param name="Duration">For how long; null for ever.</param>
/// <param name="Rate">Beats a minute; null for a rate that suits rhythm and patient.</param>
public sealed record Episode(RhythmKind Rhythm, TimeSpan? Duration = null, double? Rate = null)
{
    /// <summary>The probability that a beat is followed by a ventricular premature one.</summary>
    public double Ectopy { get; init; }

    /// <summary>The electrodes that are off.</summary>
    public Electrodes Off { get; init; }

    /// <summary>Disturbances other than the stream's own; null for those.</summary>
    public NoiseLevels? Noise { get; init; }
}
