namespace MQTTnet;

/// <summary>The server's answer to PUBLISH.</summary>
public enum MqttClientPublishReasonCode
{
    /// <summary>Reason code 0 of MQTT 5.</summary>
    Success = 0,

    /// <summary>Reason code 16 of MQTT 5.</summary>
    NoMatchingSubscribers = 16,

    /// <summary>Reason code 128 of MQTT 5.</summary>
    UnspecifiedError = 128,

    /// <summary>Reason code 131 of MQTT 5.</summary>
    ImplementationSpecificError = 131,

    /// <summary>Reason code 135 of MQTT 5.</summary>
    NotAuthorized = 135,

    /// <summary>Reason code 144 of MQTT 5.</summary>
    TopicNameInvalid = 144,

    /// <summary>Reason code 145 of MQTT 5.</summary>
    PacketIdentifierInUse = 145,

    /// <summary>Reason code 151 of MQTT 5.</summary>
    QuotaExceeded = 151,

    /// <summary>Reason code 153 of MQTT 5.</summary>
    PayloadFormatInvalid = 153
}
