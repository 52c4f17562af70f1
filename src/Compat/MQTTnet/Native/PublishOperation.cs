using System.Buffers;
using MQTTnet.Exceptions;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet.Native;

/// <summary>A message on its way out. The payload is copied at once: the caller may reuse its memory after cancelling.</summary>
internal sealed class PublishOperation : Operation<MqttClientPublishResult>
{
    private readonly MqttApplicationMessage message;
    private readonly int payloadLength;
    private byte[]? payload;

    public PublishOperation(MqttApplicationMessage message)
    {
        this.message = message;
        payloadLength = checked((int)message.Payload.Length);
        payload = ArrayPool<byte>.Shared.Rent(payloadLength);
        message.Payload.CopyTo(payload);
    }

    public override void Start(MosquittoConnection connection) => connection.Enqueue(this);

    /// <summary>Hands the message to libmosquitto.</summary>
    public unsafe int Send(nint handle, int* messageId, bool withProperties)
    {
        using var properties = new PropertyWriter(withProperties);
        AddProperties(properties);
        fixed (byte* bytes = payload)
        {
            var code = LibMosquitto.mosquitto_publish_v5(
                handle, messageId, message.Topic.Length == 0 ? null : message.Topic, payloadLength, bytes, (int)message.QualityOfServiceLevel, message.Retain, properties.List);
            ReturnPayload();
            return code;
        }
    }

    public void Complete(int messageId, int reasonCode, PropertyReader properties) => Complete(new MqttClientPublishResult(
        message.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtMostOnce ? null : (ushort)messageId,
        (MqttClientPublishReasonCode)reasonCode,
        properties.String(PropertyId.ReasonString),
        properties.UserProperties() ?? (IReadOnlyCollection<MqttUserProperty>)[]));

    public void Refuse(int code) => Fail(new MqttCommunicationException($"The message was not sent: {LibMosquitto.Describe(code)}"));

    /// <summary>Gives the copy of the payload back; only the network thread does, as only it may still be reading.</summary>
    public void ReturnPayload()
    {
        if (payload is not null)
            ArrayPool<byte>.Shared.Return(payload);
        payload = null;
    }

    private void AddProperties(PropertyWriter properties)
    {
        if (message.PayloadFormatIndicator != MqttPayloadFormatIndicator.Unspecified)
            properties.AddByte(PropertyId.PayloadFormatIndicator, (byte)message.PayloadFormatIndicator);
        properties.AddInt32(PropertyId.MessageExpiryInterval, message.MessageExpiryInterval);
        properties.AddString(PropertyId.ContentType, message.ContentType);
        properties.AddString(PropertyId.ResponseTopic, message.ResponseTopic);
        properties.AddBinary(PropertyId.CorrelationData, message.CorrelationData);
        properties.AddInt16(PropertyId.TopicAlias, message.TopicAlias);
        properties.AddUserProperties(message.UserProperties);
    }
}
