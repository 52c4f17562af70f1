namespace EcgFm.Telemetry.Outbox;

/// <summary>How much an outbox keeps while the broker is away. What is beyond is discarded: the oldest of the least important first.</summary>
/// <param name="Bytes">The most bytes of payload.</param>
/// <param name="Age">The greatest age; a clock that is set makes no message older.</param>
public sealed record OutboxLimits(long Bytes, TimeSpan Age)
{
    /// <summary>64 MiB (some 400 alerts with their ten seconds, or 20 000 without) and three days.</summary>
    public static OutboxLimits Default { get; } = new(64 << 20, TimeSpan.FromDays(3));
}
