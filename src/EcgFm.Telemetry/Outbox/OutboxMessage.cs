namespace EcgFm.Telemetry.Outbox;

/// <summary>A message that must reach the broker at least once.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Payload">UTF-8 JSON.</param>
/// <param name="Retain">Whether the broker keeps it for later subscribers.</param>
/// <param name="Stored">When it was stored.</param>
public sealed record OutboxMessage(string Topic, byte[] Payload, bool Retain, DateTimeOffset Stored);
