namespace MQTTnet;

/// <summary>The server's answer for one topic filter.</summary>
public sealed class MqttClientUnsubscribeResultItem
{
    /// <summary>Creates the item.</summary>
    public MqttClientUnsubscribeResultItem(string topicFilter, MqttClientUnsubscribeResultCode resultCode)
    {
        TopicFilter = topicFilter ?? throw new ArgumentNullException(nameof(topicFilter));
        ResultCode = resultCode;
    }

    /// <summary>The answer.</summary>
    public MqttClientUnsubscribeResultCode ResultCode { get; }

    /// <summary>The topic filter it is for.</summary>
    public string TopicFilter { get; }
}
