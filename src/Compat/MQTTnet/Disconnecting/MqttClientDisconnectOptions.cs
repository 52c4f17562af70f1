using MQTTnet.Packets;

namespace MQTTnet;

/// <summary>What to say when disconnecting.</summary>
public sealed class MqttClientDisconnectOptions
{
    /// <summary>The reason; <see cref="MqttClientDisconnectOptionsReason.DisconnectWithWillMessage"/> makes the server publish the will.</summary>
    public MqttClientDisconnectOptionsReason Reason { get; set; } = MqttClientDisconnectOptionsReason.NormalDisconnection;

    /// <summary>An explanation (MQTT 5).</summary>
    public string? ReasonString { get; set; }

    /// <summary>A new expiry of the session in seconds; 0: as it was (MQTT 5).</summary>
    public uint SessionExpiryInterval { get; set; }

    /// <summary>Name and value pairs (MQTT 5).</summary>
    public List<MqttUserProperty>? UserProperties { get; set; }
}
