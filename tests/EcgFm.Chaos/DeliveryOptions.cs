namespace EcgFm.Chaos;

/// <summary>How much is broken, and when.</summary>
internal sealed record DeliveryOptions
{
    /// <summary>How often the broker is killed, and how often the daemon; the line is cut and falls silent a third as often each.</summary>
    public required int Kills { get; init; }

    /// <summary>Which moments.</summary>
    public required int Seed { get; init; }
}
