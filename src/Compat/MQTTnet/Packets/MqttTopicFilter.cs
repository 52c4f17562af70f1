using MQTTnet.Protocol;

namespace MQTTnet.Packets;

/// <summary>One topic filter of a subscription.</summary>
public sealed class MqttTopicFilter
{
    /// <summary>Whether the client's own messages stay away (MQTT 5).</summary>
    public bool NoLocal { get; set; }

    /// <summary>The highest quality of service of delivery.</summary>
    public MqttQualityOfServiceLevel QualityOfServiceLevel { get; set; }

    /// <summary>Whether forwarded messages keep their retain flag (MQTT 5).</summary>
    public bool RetainAsPublished { get; set; }

    /// <summary>When retained messages are sent (MQTT 5).</summary>
    public MqttRetainHandling RetainHandling { get; set; } = MqttRetainHandling.SendAtSubscribe;

    /// <summary>The topic, wildcards included.</summary>
    public string Topic { get; set; } = string.Empty;

    /// <inheritdoc/>
    public override string ToString() =>
        $"TopicFilter: [Topic={Topic}] [QualityOfServiceLevel={QualityOfServiceLevel}] [NoLocal={NoLocal}] [RetainAsPublished={RetainAsPublished}] [RetainHandling={RetainHandling}]";
}
