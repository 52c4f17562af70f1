using System.Buffers;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet;

/// <summary>A message as applications see it.</summary>
public sealed class MqttApplicationMessage
{
    /// <summary>The kind of payload, a MIME type by custom (MQTT 5).</summary>
    public string? ContentType { get; set; }

    /// <summary>What lets a requester find the answer to its request (MQTT 5).</summary>
    public byte[]? CorrelationData { get; set; }

    /// <summary>Whether this is a repetition. Not known on received messages.</summary>
    public bool Dup { get; set; }

    /// <summary>How long the server may keep the message, in seconds; 0: for ever (MQTT 5).</summary>
    public uint MessageExpiryInterval { get; set; }

    /// <summary>The content.</summary>
    public ReadOnlySequence<byte> Payload { get; set; }

    /// <summary>Whether the payload is text (MQTT 5).</summary>
    public MqttPayloadFormatIndicator PayloadFormatIndicator { get; set; } = MqttPayloadFormatIndicator.Unspecified;

    /// <summary>How hard it is to be delivered.</summary>
    public MqttQualityOfServiceLevel QualityOfServiceLevel { get; set; }

    /// <summary>Where an answer is expected (MQTT 5).</summary>
    public string? ResponseTopic { get; set; }

    /// <summary>Whether the server keeps it for later subscribers; on a received message, whether it was kept.</summary>
    public bool Retain { get; set; }

    /// <summary>The numbers of the subscriptions it matches (MQTT 5).</summary>
    public List<uint>? SubscriptionIdentifiers { get; set; }

    /// <summary>The topic.</summary>
    public string Topic { get; set; } = string.Empty;

    /// <summary>A short form of the topic; 0: none (MQTT 5).</summary>
    public ushort TopicAlias { get; set; }

    /// <summary>Name and value pairs; null on a message without any (MQTT 5).</summary>
    public List<MqttUserProperty>? UserProperties { get; set; }
}
