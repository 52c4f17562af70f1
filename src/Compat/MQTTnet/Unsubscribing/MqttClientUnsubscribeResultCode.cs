namespace MQTTnet;

/// <summary>The server's answer for one topic filter of UNSUBSCRIBE.</summary>
public enum MqttClientUnsubscribeResultCode
{
    /// <summary>Reason code 0 of MQTT 5.</summary>
    Success = 0,

    /// <summary>Reason code 17 of MQTT 5.</summary>
    NoSubscriptionExisted = 17,

    /// <summary>Reason code 128 of MQTT 5.</summary>
    UnspecifiedError = 128,

    /// <summary>Reason code 131 of MQTT 5.</summary>
    ImplementationSpecificError = 131,

    /// <summary>Reason code 135 of MQTT 5.</summary>
    NotAuthorized = 135,

    /// <summary>Reason code 143 of MQTT 5.</summary>
    TopicFilterInvalid = 143,

    /// <summary>Reason code 145 of MQTT 5.</summary>
    PacketIdentifierInUse = 145
}
