using EcgFm.Core;

namespace EcgFm.Telemetry;

/// <summary>Conveniences for <see cref="ITelemetrySink"/>.</summary>
public static class AlertPublishing
{
    /// <summary>Publishes a step that stands alone: nothing is remembered but the list of active alerts.</summary>
    public static void Publish(this ITelemetrySink telemetry, Alert step)
    {
        ArgumentNullException.ThrowIfNull(telemetry);
        telemetry.Publish(new AlertUpdate(step.Bed, [step], step.PausedUntil, State: null));
    }
}
