using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace MQTTnet;

/// <summary>Refuses MQTT 5 features in older versions of the protocol, as the official client does.</summary>
internal static class FeatureValidator
{
    public static void ThrowIfNotSupported(MqttClientOptions options)
    {
        if (!options.ValidateFeatures || options.ProtocolVersion == MqttProtocolVersion.V500)
            return;

        Refuse(options.UserProperties is { Count: > 0 }, nameof(options.UserProperties));
        Refuse(options.RequestResponseInformation, nameof(options.RequestResponseInformation));
        Refuse(options.ReceiveMaximum > 0, nameof(options.ReceiveMaximum));
        Refuse(options.MaximumPacketSize > 0, nameof(options.MaximumPacketSize));
        Refuse(options.WillPayloadFormatIndicator != MqttPayloadFormatIndicator.Unspecified, nameof(options.WillPayloadFormatIndicator));
        Refuse(!string.IsNullOrEmpty(options.WillContentType), nameof(options.WillContentType));
        Refuse(options.WillCorrelationData is { Length: > 0 }, nameof(options.WillCorrelationData));
        Refuse(!string.IsNullOrEmpty(options.WillResponseTopic), nameof(options.WillResponseTopic));
        Refuse(options.WillDelayInterval > 0, nameof(options.WillDelayInterval));
        Refuse(options.WillMessageExpiryInterval > 0, nameof(options.WillMessageExpiryInterval));
        Refuse(options.WillUserProperties is { Count: > 0 }, nameof(options.WillUserProperties));
    }

    public static void ThrowIfNotSupported(MqttApplicationMessage message, MqttClientOptions options)
    {
        if (!options.ValidateFeatures || options.ProtocolVersion == MqttProtocolVersion.V500)
            return;

        Refuse(!string.IsNullOrEmpty(message.ContentType), nameof(message.ContentType));
        Refuse(message.CorrelationData is { Length: > 0 }, nameof(message.CorrelationData));
        Refuse(message.MessageExpiryInterval > 0, nameof(message.MessageExpiryInterval));
        Refuse(message.PayloadFormatIndicator != MqttPayloadFormatIndicator.Unspecified, nameof(message.PayloadFormatIndicator));
        Refuse(!string.IsNullOrEmpty(message.ResponseTopic), nameof(message.ResponseTopic));
        Refuse(message.SubscriptionIdentifiers is { Count: > 0 }, nameof(message.SubscriptionIdentifiers));
        Refuse(message.TopicAlias > 0, nameof(message.TopicAlias));
        Refuse(message.UserProperties is { Count: > 0 }, nameof(message.UserProperties));
    }

    private static void Refuse(bool used, string feature)
    {
        if (used)
            throw new NotSupportedException($"Feature {feature} requires MQTT version 5.0.0.");
    }
}
