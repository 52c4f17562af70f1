using MQTTnet;

namespace EcgFm.Telemetry;

/// <summary>The broker does not take a message.</summary>
/// <param name="message">The message.</param>
/// <param name="reason">Why.</param>
internal sealed class RefusedMessageException(LiveMessage message, MqttClientPublishReasonCode reason)
    : IOException($"the broker refused a message of {message.Payload.Length} bytes on {message.Topic}: {(reason == TooLarge ? nameof(MqttClientDisconnectReason.PacketTooLarge) : reason)}. Check its access list and limits.")
{
    /// <summary>Reason code 149 of MQTT 5, which the client's list of answers lacks; Mosquitto gives it above its <c>message_size_limit</c>.</summary>
    public const MqttClientPublishReasonCode TooLarge = (MqttClientPublishReasonCode)MqttClientDisconnectReason.PacketTooLarge;

    /// <summary>Whether it would refuse the same message every time.</summary>
    public bool ForGood { get; } = reason is MqttClientPublishReasonCode.TopicNameInvalid or MqttClientPublishReasonCode.PayloadFormatInvalid or TooLarge;
}
