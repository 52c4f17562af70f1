using MQTTnet.Packets;

namespace MQTTnet;

/// <summary>The server's answer for one topic filter.</summary>
public sealed class MqttClientSubscribeResultItem
{
    /// <summary>Creates the item.</summary>
    public MqttClientSubscribeResultItem(MqttTopicFilter topicFilter, MqttClientSubscribeResultCode resultCode)
    {
        TopicFilter = topicFilter ?? throw new ArgumentNullException(nameof(topicFilter));
        ResultCode = resultCode;
    }

    /// <summary>The answer.</summary>
    public MqttClientSubscribeResultCode ResultCode { get; }

    /// <summary>The topic filter it is for.</summary>
    public MqttTopicFilter TopicFilter { get; }
}
