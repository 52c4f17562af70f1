namespace MQTTnet;

/// <summary>The server's answer to CONNECT.</summary>
public enum MqttClientConnectResultCode
{
    /// <summary>Reason code 0 of MQTT 5.</summary>
    Success = 0,

    /// <summary>Reason code 128 of MQTT 5.</summary>
    UnspecifiedError = 128,

    /// <summary>Reason code 129 of MQTT 5.</summary>
    MalformedPacket = 129,

    /// <summary>Reason code 130 of MQTT 5.</summary>
    ProtocolError = 130,

    /// <summary>Reason code 131 of MQTT 5.</summary>
    ImplementationSpecificError = 131,

    /// <summary>Reason code 132 of MQTT 5.</summary>
    UnsupportedProtocolVersion = 132,

    /// <summary>Reason code 133 of MQTT 5.</summary>
    ClientIdentifierNotValid = 133,

    /// <summary>Reason code 134 of MQTT 5.</summary>
    BadUserNameOrPassword = 134,

    /// <summary>Reason code 135 of MQTT 5.</summary>
    NotAuthorized = 135,

    /// <summary>Reason code 136 of MQTT 5.</summary>
    ServerUnavailable = 136,

    /// <summary>Reason code 137 of MQTT 5.</summary>
    ServerBusy = 137,

    /// <summary>Reason code 138 of MQTT 5.</summary>
    Banned = 138,

    /// <summary>Reason code 140 of MQTT 5.</summary>
    BadAuthenticationMethod = 140,

    /// <summary>Reason code 144 of MQTT 5.</summary>
    TopicNameInvalid = 144,

    /// <summary>Reason code 149 of MQTT 5.</summary>
    PacketTooLarge = 149,

    /// <summary>Reason code 151 of MQTT 5.</summary>
    QuotaExceeded = 151,

    /// <summary>Reason code 153 of MQTT 5.</summary>
    PayloadFormatInvalid = 153,

    /// <summary>Reason code 154 of MQTT 5.</summary>
    RetainNotSupported = 154,

    /// <summary>Reason code 155 of MQTT 5.</summary>
    QoSNotSupported = 155,

    /// <summary>Reason code 156 of MQTT 5.</summary>
    UseAnotherServer = 156,

    /// <summary>Reason code 157 of MQTT 5.</summary>
    ServerMoved = 157,

    /// <summary>Reason code 159 of MQTT 5.</summary>
    ConnectionRateExceeded = 159
}
