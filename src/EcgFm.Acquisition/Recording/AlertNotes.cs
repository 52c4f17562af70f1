using EcgFm.Core;

namespace EcgFm.Acquisition.Recording;

/// <summary>What a recording says of alerts.</summary>
internal static class AlertNotes
{
    /// <summary>The note for a step: when, and what.</summary>
    public static (DateTimeOffset Time, string Text) Note(Alert alert)
    {
        var probability = alert.Probability is { } p ? FormattableString.Invariant($", probability {p:0.00}") : "";
        return (alert.Time, $"ALERT {alert.State.ToString().ToLowerInvariant()}: {alert.Title}, {alert.Priority.ToString().ToLowerInvariant()} priority{probability}");
    }

    /// <summary>
    /// The rhythm and since when, for an alert about one by its SNOMED CT concept; otherwise null.
    /// The end is <c>(N</c>, which the MIT-BIH Atrial Fibrillation Database too writes for every other rhythm.
    /// </summary>
    public static (DateTimeOffset Since, string Rhythm)? Rhythm(Alert alert) => (alert.Snomed, alert.State) switch
    {
        ("164889003" or "164890007", AlertState.Latched or AlertState.Cleared) => (alert.Ended ?? alert.Time, "(N"),
        ("164889003", _) => (alert.Onset, "(AFIB"),
        ("164890007", _) => (alert.Onset, "(AFL"),
        _ => null,
    };
}
