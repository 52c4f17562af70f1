using System.Buffers;
using System.Text;
using MQTTnet.Exceptions;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet;

/// <summary>Builds an <see cref="MqttApplicationMessage"/>.</summary>
public sealed class MqttApplicationMessageBuilder
{
    private string? contentType;
    private byte[]? correlationData;
    private uint messageExpiryInterval;
    private ReadOnlySequence<byte> payload;
    private MqttPayloadFormatIndicator payloadFormatIndicator;
    private MqttQualityOfServiceLevel qualityOfServiceLevel;
    private string? responseTopic;
    private bool retain;
    private List<uint>? subscriptionIdentifiers;
    private string? topic;
    private ushort topicAlias;
    private List<MqttUserProperty>? userProperties;

    /// <summary>The finished message; a topic or an alias must have been set.</summary>
    public MqttApplicationMessage Build()
    {
        if (topicAlias == 0 && string.IsNullOrEmpty(topic))
            throw new MqttProtocolViolationException("Topic or TopicAlias is not set.");

        return new MqttApplicationMessage
        {
            Topic = topic ?? string.Empty,
            Payload = payload,
            QualityOfServiceLevel = qualityOfServiceLevel,
            Retain = retain,
            ContentType = contentType,
            ResponseTopic = responseTopic,
            CorrelationData = correlationData,
            TopicAlias = topicAlias,
            SubscriptionIdentifiers = subscriptionIdentifiers,
            MessageExpiryInterval = messageExpiryInterval,
            PayloadFormatIndicator = payloadFormatIndicator,
            UserProperties = userProperties,
        };
    }

    /// <summary>Sets the kind of payload (MQTT 5).</summary>
    public MqttApplicationMessageBuilder WithContentType(string contentType)
    {
        this.contentType = contentType;
        return this;
    }

    /// <summary>Sets what lets the requester find the answer (MQTT 5).</summary>
    public MqttApplicationMessageBuilder WithCorrelationData(byte[] correlationData)
    {
        this.correlationData = correlationData;
        return this;
    }

    /// <summary>Sets how long the server may keep the message, in seconds (MQTT 5).</summary>
    public MqttApplicationMessageBuilder WithMessageExpiryInterval(uint messageExpiryInterval)
    {
        this.messageExpiryInterval = messageExpiryInterval;
        return this;
    }

    /// <summary>Sets the content; the array is not copied.</summary>
    public MqttApplicationMessageBuilder WithPayload(byte[]? payload)
    {
        this.payload = payload is null ? default : new ReadOnlySequence<byte>(payload);
        return this;
    }

    /// <summary>Sets the content; the array is not copied.</summary>
    public MqttApplicationMessageBuilder WithPayload(ArraySegment<byte> payload)
    {
        this.payload = new ReadOnlySequence<byte>(payload);
        return this;
    }

    /// <summary>Sets the content; the memory is not copied.</summary>
    public MqttApplicationMessageBuilder WithPayload(ReadOnlySequence<byte> payload)
    {
        this.payload = payload;
        return this;
    }

    /// <summary>Sets the content.</summary>
    public MqttApplicationMessageBuilder WithPayload(IEnumerable<byte>? payload)
    {
        this.payload = payload is null ? default : new ReadOnlySequence<byte>(payload as byte[] ?? payload.ToArray());
        return this;
    }

    /// <summary>Sets the content as UTF-8 text.</summary>
    public MqttApplicationMessageBuilder WithPayload(string? payload)
    {
        this.payload = string.IsNullOrEmpty(payload) ? default : new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(payload));
        return this;
    }

    /// <summary>Says whether the payload is text (MQTT 5).</summary>
    public MqttApplicationMessageBuilder WithPayloadFormatIndicator(MqttPayloadFormatIndicator payloadFormatIndicator)
    {
        this.payloadFormatIndicator = payloadFormatIndicator;
        return this;
    }

    /// <summary>Sets how hard it is to be delivered.</summary>
    public MqttApplicationMessageBuilder WithQualityOfServiceLevel(MqttQualityOfServiceLevel qualityOfServiceLevel)
    {
        this.qualityOfServiceLevel = qualityOfServiceLevel;
        return this;
    }

    /// <summary>Sets where an answer is expected (MQTT 5).</summary>
    public MqttApplicationMessageBuilder WithResponseTopic(string responseTopic)
    {
        this.responseTopic = responseTopic;
        return this;
    }

    /// <summary>Makes the server keep it for later subscribers.</summary>
    public MqttApplicationMessageBuilder WithRetainFlag(bool value = true)
    {
        retain = value;
        return this;
    }

    /// <summary>Adds a subscription identifier (MQTT 5).</summary>
    public MqttApplicationMessageBuilder WithSubscriptionIdentifier(uint subscriptionIdentifier)
    {
        (subscriptionIdentifiers ??= []).Add(subscriptionIdentifier);
        return this;
    }

    /// <summary>Sets the topic.</summary>
    public MqttApplicationMessageBuilder WithTopic(string topic)
    {
        this.topic = topic;
        return this;
    }

    /// <summary>Sets a short form of the topic (MQTT 5).</summary>
    public MqttApplicationMessageBuilder WithTopicAlias(ushort topicAlias)
    {
        this.topicAlias = topicAlias;
        return this;
    }

    /// <summary>Adds a name and value pair (MQTT 5).</summary>
    public MqttApplicationMessageBuilder WithUserProperty(string name, string value)
    {
        (userProperties ??= []).Add(new MqttUserProperty(name, value));
        return this;
    }
}
