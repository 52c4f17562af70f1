namespace EcgFm.Telemetry.Messages;

/// <summary>The retained payload of <c>{bed}/alerts</c>: the alerts that are active now, each with its last step.</summary>
/// <param name="Bed">The bed; absent for the alerts about the whole box.</param>
/// <param name="PausedUntil">Until when the bed's alerts are paused; absent when they are not.</param>
/// <param name="Alerts">The active alerts, the oldest first.</param>
public sealed record ActiveAlertsMessage(string? Bed, DateTimeOffset? PausedUntil, IReadOnlyList<AlertMessage> Alerts)
{
    /// <summary>Always "alerts".</summary>
    public string Type { get; } = "alerts";
}
