using MQTTnet.Packets;

namespace MQTTnet;

/// <summary>What to unsubscribe from.</summary>
public sealed class MqttClientUnsubscribeOptions
{
    /// <summary>The topic filters.</summary>
    public List<string> TopicFilters { get; set; } = [];

    /// <summary>Name and value pairs (MQTT 5).</summary>
    public List<MqttUserProperty>? UserProperties { get; set; }
}
