namespace EcgFm.Telemetry.Outbox;

/// <summary>Something to be remembered over a restart, stored in one transaction with the messages that it belongs to.</summary>
/// <param name="Key">Its name, such as "alerts/bed-1".</param>
/// <param name="Value">What to remember, or null to forget it.</param>
public sealed record StoredState(string Key, byte[]? Value);
