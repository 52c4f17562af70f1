namespace EcgFm.Telemetry;

/// <summary>A message that is worth something only now: sent with QoS 0, dropped while there is no connection.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Payload">UTF-8 JSON.</param>
/// <param name="Retain">Whether the broker keeps it for later subscribers.</param>
internal sealed record LiveMessage(string Topic, byte[] Payload, bool Retain);
