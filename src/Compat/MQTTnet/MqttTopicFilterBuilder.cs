using MQTTnet.Exceptions;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet;

/// <summary>Builds an <see cref="MqttTopicFilter"/>.</summary>
public sealed class MqttTopicFilterBuilder
{
    private readonly MqttTopicFilter filter = new();

    /// <summary>The finished filter; a topic must have been set.</summary>
    public MqttTopicFilter Build() => filter.Topic.Length == 0
        ? throw new MqttProtocolViolationException("Topic is not set.")
        : filter;

    /// <summary>Asks for quality of service 1.</summary>
    public MqttTopicFilterBuilder WithAtLeastOnceQoS() => WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce);

    /// <summary>Asks for quality of service 0.</summary>
    public MqttTopicFilterBuilder WithAtMostOnceQoS() => WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtMostOnce);

    /// <summary>Asks for quality of service 2.</summary>
    public MqttTopicFilterBuilder WithExactlyOnceQoS() => WithQualityOfServiceLevel(MqttQualityOfServiceLevel.ExactlyOnce);

    /// <summary>Keeps the client's own messages away (MQTT 5).</summary>
    public MqttTopicFilterBuilder WithNoLocal(bool value = true)
    {
        filter.NoLocal = value;
        return this;
    }

    /// <summary>Sets the quality of service.</summary>
    public MqttTopicFilterBuilder WithQualityOfServiceLevel(MqttQualityOfServiceLevel qualityOfServiceLevel)
    {
        filter.QualityOfServiceLevel = qualityOfServiceLevel;
        return this;
    }

    /// <summary>Keeps the retain flag of forwarded messages (MQTT 5).</summary>
    public MqttTopicFilterBuilder WithRetainAsPublished(bool value = true)
    {
        filter.RetainAsPublished = value;
        return this;
    }

    /// <summary>Sets when retained messages are sent (MQTT 5).</summary>
    public MqttTopicFilterBuilder WithRetainHandling(MqttRetainHandling value)
    {
        filter.RetainHandling = value;
        return this;
    }

    /// <summary>Sets the topic.</summary>
    public MqttTopicFilterBuilder WithTopic(string topic)
    {
        filter.Topic = topic;
        return this;
    }
}
