using MQTTnet.Exceptions;

namespace MQTTnet;

/// <summary>Refuses topics the server would end the connection for.</summary>
internal static class TopicValidator
{
    public static void ThrowIfInvalid(MqttApplicationMessage message)
    {
        if (message.TopicAlias != 0)
            return;
        if (string.IsNullOrEmpty(message.Topic))
            throw new MqttProtocolViolationException("Topic should not be empty.");
        if (message.Topic.AsSpan().ContainsAny('+', '#'))
            throw new MqttProtocolViolationException("The characters '+' and '#' are not allowed in topics.");
    }

    public static void ThrowIfInvalidFilter(string filter)
    {
        if (string.IsNullOrEmpty(filter))
            throw new MqttProtocolViolationException("Topic should not be empty.");
        if (filter.IndexOf('#', StringComparison.Ordinal) is var hash and >= 0 && hash != filter.Length - 1)
            throw new MqttProtocolViolationException("The character '#' is only allowed as last character");
    }
}
