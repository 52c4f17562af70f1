using MQTTnet.Packets;

namespace MQTTnet;

/// <summary>The server's answer to UNSUBSCRIBE.</summary>
public sealed class MqttClientUnsubscribeResult
{
    /// <summary>Creates the result.</summary>
    public MqttClientUnsubscribeResult(
        ushort packetIdentifier,
        IReadOnlyCollection<MqttClientUnsubscribeResultItem> items,
        string? reasonString,
        IReadOnlyCollection<MqttUserProperty> userProperties)
    {
        PacketIdentifier = packetIdentifier;
        Items = items ?? throw new ArgumentNullException(nameof(items));
        ReasonString = reasonString;
        UserProperties = userProperties ?? throw new ArgumentNullException(nameof(userProperties));
    }

    /// <summary>One answer for each topic filter, in their order.</summary>
    public IReadOnlyCollection<MqttClientUnsubscribeResultItem> Items { get; }

    /// <summary>The packet identifier that was used.</summary>
    public ushort PacketIdentifier { get; }

    /// <summary>The server's explanation, if it gave one (MQTT 5).</summary>
    public string? ReasonString { get; }

    /// <summary>Name and value pairs of the server (MQTT 5).</summary>
    public IReadOnlyCollection<MqttUserProperty> UserProperties { get; }
}
