using MQTTnet;

namespace EcgFm.Telemetry;

/// <summary>The broker refused a message.</summary>
/// <param name="topic">Its topic.</param>
/// <param name="reason">Why.</param>
internal sealed class RefusedMessageException(string topic, MqttClientPublishReasonCode reason)
    : IOException($"the broker refused a message on {topic}: {reason}. Check its access list and limits.")
{
    /// <summary>Whether it would refuse the same message every time.</summary>
    public bool ForGood { get; } = reason is MqttClientPublishReasonCode.TopicNameInvalid or MqttClientPublishReasonCode.PayloadFormatInvalid;
}
