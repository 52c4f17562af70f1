namespace MQTTnet;

/// <summary>The server's answer for one topic filter of SUBSCRIBE.</summary>
public enum MqttClientSubscribeResultCode
{
    /// <summary>Reason code 0 of MQTT 5.</summary>
    GrantedQoS0 = 0,

    /// <summary>Reason code 1 of MQTT 5.</summary>
    GrantedQoS1 = 1,

    /// <summary>Reason code 2 of MQTT 5.</summary>
    GrantedQoS2 = 2,

    /// <summary>Reason code 128 of MQTT 5.</summary>
    UnspecifiedError = 128,

    /// <summary>Reason code 131 of MQTT 5.</summary>
    ImplementationSpecificError = 131,

    /// <summary>Reason code 135 of MQTT 5.</summary>
    NotAuthorized = 135,

    /// <summary>Reason code 143 of MQTT 5.</summary>
    TopicFilterInvalid = 143,

    /// <summary>Reason code 145 of MQTT 5.</summary>
    PacketIdentifierInUse = 145,

    /// <summary>Reason code 151 of MQTT 5.</summary>
    QuotaExceeded = 151,

    /// <summary>Reason code 158 of MQTT 5.</summary>
    SharedSubscriptionsNotSupported = 158,

    /// <summary>Reason code 161 of MQTT 5.</summary>
    SubscriptionIdentifiersNotSupported = 161,

    /// <summary>Reason code 162 of MQTT 5.</summary>
    WildcardSubscriptionsNotSupported = 162
}
