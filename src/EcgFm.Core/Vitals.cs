namespace EcgFm.Core;

/// <summary>What is known from moment to moment without a network: heart rate and the state of the leads.</summary>
/// <param name="Time">The end of the ten seconds that it rests on.</param>
/// <param name="HeartRate">Beats per minute over those ten seconds, or null when too few beats were found or no lead is good enough.</param>
/// <param name="LeadOff">Leads whose electrode was off in any part of them.</param>
/// <param name="Absent">Leads that the source does not have.</param>
/// <param name="Quality">What is wrong with each lead.</param>
public sealed record Vitals(DateTimeOffset Time, double? HeartRate, LeadSet LeadOff, LeadSet Absent, SignalQuality Quality)
{
    /// <summary>Who has counted the beats.</summary>
    public VitalsSource Source { get; init; }

    /// <summary>Whether a sensor without ECG touches the skin; null when it cannot tell, and of ECG.</summary>
    public bool? Contact { get; init; }

    /// <summary>What the intervals of a sensor without ECG say of the rhythm; those of ECG stand with its windows.</summary>
    public BeatRhythm? Rhythm { get; init; }
}
