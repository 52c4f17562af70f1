using MQTTnet.Packets;

namespace MQTTnet;

/// <summary>Builds <see cref="MqttClientUnsubscribeOptions"/>.</summary>
public sealed class MqttClientUnsubscribeOptionsBuilder
{
    private readonly MqttClientUnsubscribeOptions options = new();

    /// <summary>The finished options.</summary>
    public MqttClientUnsubscribeOptions Build() => options;

    /// <summary>Adds a topic filter.</summary>
    public MqttClientUnsubscribeOptionsBuilder WithTopicFilter(string topic)
    {
        ArgumentNullException.ThrowIfNull(topic);
        options.TopicFilters.Add(topic);
        return this;
    }

    /// <summary>Adds a topic filter.</summary>
    public MqttClientUnsubscribeOptionsBuilder WithTopicFilter(MqttTopicFilter topicFilter)
    {
        ArgumentNullException.ThrowIfNull(topicFilter);
        return WithTopicFilter(topicFilter.Topic);
    }

    /// <summary>Adds a name and value pair (MQTT 5).</summary>
    public MqttClientUnsubscribeOptionsBuilder WithUserProperty(string name, string value)
    {
        (options.UserProperties ??= []).Add(new MqttUserProperty(name, value));
        return this;
    }
}
