namespace EcgFm.Telemetry.Outbox;

/// <summary>How an outbox is.</summary>
/// <param name="Queued">Messages that wait.</param>
/// <param name="Fill">How much of its size is used, from 0 to 1.</param>
/// <param name="Discarded">Messages discarded since the start, because there were too many, they were too old, or the broker does not take them.</param>
/// <param name="Fault">Why messages are kept in memory only, or null when the disk takes them.</param>
/// <param name="SetAside">The name that a damaged file was moved to since the start.</param>
public sealed record OutboxCondition(int Queued, double Fill, long Discarded, string? Fault, string? SetAside);
