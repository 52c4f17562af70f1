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
    /// The rhythm from when on, for the beginning and the end of an alert about one, by the SNOMED CT concept of its label; otherwise null.
    /// The end is <c>(N</c>, which the MIT-BIH Atrial Fibrillation Database too writes for every other rhythm.
    /// </summary>
    public static (DateTimeOffset Since, string Rhythm)? Rhythm(Alert alert) => (alert.Label?.Snomed, alert.State) switch
    {
        ("164889003", AlertState.Onset) => (alert.Onset, "(AFIB"),
        ("164890007", AlertState.Onset) => (alert.Onset, "(AFL"),
        ("164889003" or "164890007", AlertState.Cleared) => (alert.Time, "(N"),
        _ => null,
    };
}
