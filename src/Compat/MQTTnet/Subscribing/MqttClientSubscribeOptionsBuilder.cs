using MQTTnet.Exceptions;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet;

/// <summary>Builds <see cref="MqttClientSubscribeOptions"/>.</summary>
public sealed class MqttClientSubscribeOptionsBuilder
{
    private readonly MqttClientSubscribeOptions options = new();

    /// <summary>The finished options.</summary>
    public MqttClientSubscribeOptions Build() => options;

    /// <summary>Sets the number the server sends with each matching message (MQTT 5).</summary>
    public MqttClientSubscribeOptionsBuilder WithSubscriptionIdentifier(uint subscriptionIdentifier)
    {
        if (subscriptionIdentifier == 0)
            throw new MqttProtocolViolationException("Subscription identifier cannot be 0.");

        options.SubscriptionIdentifier = subscriptionIdentifier;
        return this;
    }

    /// <summary>Adds a topic filter.</summary>
    public MqttClientSubscribeOptionsBuilder WithTopicFilter(
        string topic,
        MqttQualityOfServiceLevel qualityOfServiceLevel = MqttQualityOfServiceLevel.AtMostOnce,
        bool noLocal = false,
        bool retainAsPublished = false,
        MqttRetainHandling retainHandling = MqttRetainHandling.SendAtSubscribe) =>
        WithTopicFilter(new MqttTopicFilter
        {
            Topic = topic,
            QualityOfServiceLevel = qualityOfServiceLevel,
            NoLocal = noLocal,
            RetainAsPublished = retainAsPublished,
            RetainHandling = retainHandling,
        });

    /// <summary>Adds a topic filter, built by the caller.</summary>
    public MqttClientSubscribeOptionsBuilder WithTopicFilter(Action<MqttTopicFilterBuilder> topicFilterBuilder)
    {
        ArgumentNullException.ThrowIfNull(topicFilterBuilder);
        var builder = new MqttTopicFilterBuilder();
        topicFilterBuilder(builder);
        return WithTopicFilter(builder);
    }

    /// <summary>Adds what a builder made.</summary>
    public MqttClientSubscribeOptionsBuilder WithTopicFilter(MqttTopicFilterBuilder topicFilterBuilder)
    {
        ArgumentNullException.ThrowIfNull(topicFilterBuilder);
        return WithTopicFilter(topicFilterBuilder.Build());
    }

    /// <summary>Adds a topic filter.</summary>
    public MqttClientSubscribeOptionsBuilder WithTopicFilter(MqttTopicFilter topicFilter)
    {
        ArgumentNullException.ThrowIfNull(topicFilter);
        options.TopicFilters.Add(topicFilter);
        return this;
    }

    /// <summary>Adds a name and value pair (MQTT 5).</summary>
    public MqttClientSubscribeOptionsBuilder WithUserProperty(string name, string value)
    {
        (options.UserProperties ??= []).Add(new MqttUserProperty(name, value));
        return this;
    }
}
