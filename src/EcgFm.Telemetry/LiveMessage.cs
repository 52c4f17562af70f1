using System.Text;
using MQTTnet.Protocol;

namespace EcgFm.Telemetry;

/// <summary>A message that is worth something only now: dropped while there is no connection.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Payload">The bytes.</param>
internal sealed record LiveMessage(string Topic, byte[] Payload)
{
    /// <summary>What JSON is called.</summary>
    public const string Json = "application/json";

    /// <summary>Whether the broker keeps it for later subscribers.</summary>
    public bool Retain { get; init; }

    /// <summary>Whether the broker acknowledges it.</summary>
    public MqttQualityOfServiceLevel Quality { get; init; }

    /// <summary>What the payload is.</summary>
    public string ContentType { get; init; } = Json;

    /// <summary>What a question brought along and its answer brings back.</summary>
    public byte[]? Correlation { get; init; }

    /// <summary>Whether it is left out while the link is slow.</summary>
    public bool Bulky { get; init; }

    /// <summary>The most bytes that its packet may take: the payload, what else is as long as somebody chose, and 32 for headers and lengths.</summary>
    public int LargestPacket => Payload.Length + Encoding.UTF8.GetByteCount(Topic) + ContentType.Length + (Correlation?.Length ?? 0) + 32;
}
