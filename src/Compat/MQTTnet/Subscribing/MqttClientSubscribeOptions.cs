using MQTTnet.Packets;

namespace MQTTnet;

/// <summary>What to subscribe to.</summary>
public sealed class MqttClientSubscribeOptions
{
    /// <summary>A number the server sends with each matching message; 0: none (MQTT 5).</summary>
    public uint SubscriptionIdentifier { get; set; }

    /// <summary>The topic filters.</summary>
    public List<MqttTopicFilter> TopicFilters { get; set; } = [];

    /// <summary>Name and value pairs (MQTT 5).</summary>
    public List<MqttUserProperty>? UserProperties { get; set; }
}
