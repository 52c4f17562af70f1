using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet;

/// <summary>The server's answer to CONNECT, with what it granted.</summary>
public sealed class MqttClientConnectResult
{
    /// <summary>The client identifier the server chose when the client sent none (MQTT 5).</summary>
    public string? AssignedClientIdentifier { get; internal init; }

    /// <summary>Whether the server kept a session of this client.</summary>
    public bool IsSessionPresent { get; internal init; }

    /// <summary>The largest packet the server takes, in bytes (MQTT 5).</summary>
    public uint? MaximumPacketSize { get; internal init; }

    /// <summary>The highest quality of service the server offers (MQTT 5).</summary>
    public MqttQualityOfServiceLevel MaximumQoS { get; internal init; }

    /// <summary>The server's explanation, if it gave one (MQTT 5).</summary>
    public string? ReasonString { get; internal init; }

    /// <summary>How many unacknowledged messages the server takes at once (MQTT 5).</summary>
    public ushort? ReceiveMaximum { get; internal init; }

    /// <summary>What the server suggests for response topics (MQTT 5).</summary>
    public string? ResponseInformation { get; internal init; }

    /// <summary>Accepted, or why not.</summary>
    public MqttClientConnectResultCode ResultCode { get; internal init; }

    /// <summary>Whether the server keeps retained messages.</summary>
    public bool RetainAvailable { get; internal init; }

    /// <summary>The keep-alive the server wants instead of the client's, in seconds; 0: the client's holds (MQTT 5).</summary>
    public ushort ServerKeepAlive { get; internal init; }

    /// <summary>Another server to use (MQTT 5).</summary>
    public string? ServerReference { get; internal init; }

    /// <summary>How long the server keeps the session, in seconds, where it differs from the request (MQTT 5).</summary>
    public uint? SessionExpiryInterval { get; internal init; }

    /// <summary>Whether shared subscriptions work (MQTT 5).</summary>
    public bool SharedSubscriptionAvailable { get; internal init; }

    /// <summary>Whether subscription identifiers work (MQTT 5).</summary>
    public bool SubscriptionIdentifiersAvailable { get; internal init; }

    /// <summary>The highest topic alias the server takes; 0: none (MQTT 5).</summary>
    public ushort TopicAliasMaximum { get; internal init; }

    /// <summary>Name and value pairs of the server (MQTT 5).</summary>
    public List<MqttUserProperty>? UserProperties { get; internal init; }

    /// <summary>Whether wildcards work in subscriptions.</summary>
    public bool WildcardSubscriptionAvailable { get; internal init; }
}
