namespace EcgFm.Telemetry.Outbox;

/// <summary>A message that must reach the broker at least once.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Payload">UTF-8 JSON.</param>
/// <param name="Retain">Whether the broker keeps it for later subscribers: a newer one on the topic takes its place, here too.</param>
/// <param name="Stored">When it was stored.</param>
/// <param name="Priority">What it is worth when the outbox is full; retained ones always stay.</param>
public sealed record OutboxMessage(string Topic, byte[] Payload, bool Retain, DateTimeOffset Stored, MessagePriority Priority = MessagePriority.Medium);
