using MQTTnet.Packets;

namespace MQTTnet;

/// <summary>How a publication ended.</summary>
public sealed class MqttClientPublishResult
{
    /// <summary>Creates the result.</summary>
    public MqttClientPublishResult(
        ushort? packetIdentifier,
        MqttClientPublishReasonCode reasonCode,
        string? reasonString,
        IReadOnlyCollection<MqttUserProperty> userProperties)
    {
        PacketIdentifier = packetIdentifier;
        ReasonCode = reasonCode;
        ReasonString = reasonString;
        UserProperties = userProperties;
    }

    /// <summary>Whether the server took the message, subscribers or not.</summary>
    public bool IsSuccess => ReasonCode is MqttClientPublishReasonCode.Success or MqttClientPublishReasonCode.NoMatchingSubscribers;

    /// <summary>The packet identifier that was used; null for quality of service 0.</summary>
    public ushort? PacketIdentifier { get; }

    /// <summary>The server's answer.</summary>
    public MqttClientPublishReasonCode ReasonCode { get; }

    /// <summary>The server's explanation, if it gave one (MQTT 5).</summary>
    public string? ReasonString { get; }

    /// <summary>Name and value pairs of the server (MQTT 5).</summary>
    public IReadOnlyCollection<MqttUserProperty> UserProperties { get; }
}
