namespace EcgFm.Alerts;

/// <summary>Who is heard beside the network before an alert is raised.</summary>
public enum SecondOpinion
{
    /// <summary>Nobody.</summary>
    None,

    /// <summary>The intervals between the beats (<see cref="Core.BeatRhythm"/>), which speak of atrial fibrillation only.</summary>
    Beats,
}
