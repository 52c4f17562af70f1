namespace EcgFm.Telemetry.Messages;

/// <summary>The retained payload of <c>{bed}/alerts</c>: the alerts that are active now, each with its last step.</summary>
/// <param name="Bed">The bed.</param>
/// <param name="Alerts">The active alerts, the oldest first.</param>
public sealed record ActiveAlertsMessage(string Bed, IReadOnlyList<AlertMessage> Alerts)
{
    /// <summary>Always "alerts".</summary>
    public string Type { get; } = "alerts";
}
