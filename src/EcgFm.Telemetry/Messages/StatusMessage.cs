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

    /// <summary>The network in use, as name, version and precision, or "none" and why; null where nobody knows yet.</summary>
    public string? Model { get; init; }

    /// <summary>What the network runs on, such as "CPU"; "none" without a network.</summary>
    public string? Provider { get; init; }
}
