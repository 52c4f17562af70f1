namespace EcgFm.Telemetry.Outbox;

/// <summary>A message as it stands in the outbox.</summary>
/// <param name="Number">Its place in the order, increasing.</param>
/// <param name="Message">The message.</param>
public sealed record StoredMessage(long Number, OutboxMessage Message);
