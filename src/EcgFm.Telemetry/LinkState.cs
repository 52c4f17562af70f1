namespace EcgFm.Telemetry;

/// <summary>Whether the link stands.</summary>
/// <param name="Stands">Whether it does.</param>
/// <param name="Since">Since when.</param>
internal sealed record LinkState(bool Stands, DateTimeOffset Since);
