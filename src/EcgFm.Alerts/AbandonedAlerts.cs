using EcgFm.Core;

namespace EcgFm.Alerts;

/// <summary>Ends alerts that nothing follows any more.</summary>
public static class AbandonedAlerts
{
    /// <summary>Clears all that was active at a bed that is no longer there.</summary>
    /// <param name="bed">The bed.</param>
    /// <param name="state">What was stored of it last.</param>
    /// <param name="time">Now.</param>
    /// <param name="reason">Why, in words.</param>
    public static AlertUpdate Of(string? bed, byte[] state, DateTimeOffset time, string reason) =>
        new(bed, [.. AlertMemory.From(state).Alerts.Select(alert => Clear(alert, time, reason))], PausedUntil: null, State: null);

    internal static Alert Clear(Alert alert, DateTimeOffset time, string reason) => alert with
    {
        Sequence = alert.Sequence + 1,
        State = AlertState.Cleared,
        Time = time,
        Ended = alert.Ended ?? time,
        PausedUntil = null,
        Detail = reason,
    };
}
