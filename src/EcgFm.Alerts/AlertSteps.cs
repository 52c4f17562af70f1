using EcgFm.Core;

namespace EcgFm.Alerts;

/// <summary>How one step of an alert follows from the one before.</summary>
internal static class AlertSteps
{
    /// <summary>The next step. No window decided it, unless the caller adds the one that did.</summary>
    public static Alert Then(this Alert alert, AlertState state, DateTimeOffset time) => alert with
    {
        Sequence = alert.Sequence + 1,
        State = state,
        Time = time,
        Probability = null,
        Window = null,
        Evidence = null,
    };
}
