namespace EcgFm.Telemetry.Messages;

/// <summary>The retained payload of <c>status</c>; with <see cref="DeviceState.Offline"/> it is the last will.</summary>
/// <param name="State">online, stopped or offline.</param>
/// <param name="BootId">UUID of this start of the daemon.</param>
/// <param name="Version">The version of the daemon.</param>
/// <param name="Beds">The beds that it serves.</param>
/// <param name="Since">When the daemon started.</param>
public sealed record StatusMessage(DeviceState State, Guid BootId, string Version, IReadOnlyList<string> Beds, DateTimeOffset Since)
{
    /// <summary>Always "status".</summary>
    public string Type { get; } = "status";
}
