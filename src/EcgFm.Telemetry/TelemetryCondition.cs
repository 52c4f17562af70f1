namespace EcgFm.Telemetry;

/// <summary>How the way to the broker is: what technical alerts rest on.</summary>
/// <param name="Connected">Whether the link stands.</param>
/// <param name="Since">Since when it stands, or does not.</param>
/// <param name="Queued">Messages that wait.</param>
/// <param name="Fill">How much of the outbox is used, from 0 to 1.</param>
/// <param name="Discarded">Messages discarded since the start.</param>
/// <param name="StorageFault">Why messages are kept in memory only, or null when the disk takes them.</param>
/// <param name="SetAside">The name that a damaged outbox was moved to since the start.</param>
public sealed record TelemetryCondition(bool Connected, DateTimeOffset Since, int Queued, double Fill, long Discarded, string? StorageFault, string? SetAside);
