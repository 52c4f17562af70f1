namespace EcgFm.Telemetry.Outbox;

/// <summary>A message as it stands in the outbox.</summary>
public sealed class StoredMessage
{
    internal StoredMessage(OutboxStore origin, long number, OutboxMessage message) => (Origin, Number, Message) = (origin, number, message);

    /// <summary>The message.</summary>
    public OutboxMessage Message { get; }

    internal OutboxStore Origin { get; }

    internal long Number { get; }
}
