namespace MQTTnet;

/// <summary>The reasons a client may send with DISCONNECT.</summary>
public enum MqttClientDisconnectOptionsReason
{
    /// <summary>Reason code 0 of MQTT 5.</summary>
    NormalDisconnection = 0,

    /// <summary>Reason code 4 of MQTT 5.</summary>
    DisconnectWithWillMessage = 4,

    /// <summary>Reason code 128 of MQTT 5.</summary>
    UnspecifiedError = 128,

    /// <summary>Reason code 129 of MQTT 5.</summary>
    MalformedPacket = 129,

    /// <summary>Reason code 130 of MQTT 5.</summary>
    ProtocolError = 130,

    /// <summary>Reason code 131 of MQTT 5.</summary>
    ImplementationSpecificError = 131,

    /// <summary>Reason code 144 of MQTT 5.</summary>
    TopicNameInvalid = 144,

    /// <summary>Reason code 147 of MQTT 5.</summary>
    ReceiveMaximumExceeded = 147,

    /// <summary>Reason code 148 of MQTT 5.</summary>
    TopicAliasInvalid = 148,

    /// <summary>Reason code 149 of MQTT 5.</summary>
    PacketTooLarge = 149,

    /// <summary>Reason code 150 of MQTT 5.</summary>
    MessageRateTooHigh = 150,

    /// <summary>Reason code 151 of MQTT 5.</summary>
    QuotaExceeded = 151,

    /// <summary>Reason code 152 of MQTT 5.</summary>
    AdministrativeAction = 152,

    /// <summary>Reason code 153 of MQTT 5.</summary>
    PayloadFormatInvalid = 153
}
