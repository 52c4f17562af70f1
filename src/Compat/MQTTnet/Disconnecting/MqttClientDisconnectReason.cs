namespace MQTTnet;

/// <summary>Why a connection ended.</summary>
public enum MqttClientDisconnectReason
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

    /// <summary>Reason code 135 of MQTT 5.</summary>
    NotAuthorized = 135,

    /// <summary>Reason code 137 of MQTT 5.</summary>
    ServerBusy = 137,

    /// <summary>Reason code 139 of MQTT 5.</summary>
    ServerShuttingDown = 139,

    /// <summary>Reason code 140 of MQTT 5.</summary>
    BadAuthenticationMethod = 140,

    /// <summary>Reason code 141 of MQTT 5.</summary>
    KeepAliveTimeout = 141,

    /// <summary>Reason code 142 of MQTT 5.</summary>
    SessionTakenOver = 142,

    /// <summary>Reason code 143 of MQTT 5.</summary>
    TopicFilterInvalid = 143,

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
    PayloadFormatInvalid = 153,

    /// <summary>Reason code 154 of MQTT 5.</summary>
    RetainNotSupported = 154,

    /// <summary>Reason code 155 of MQTT 5.</summary>
    QosNotSupported = 155,

    /// <summary>Reason code 156 of MQTT 5.</summary>
    UseAnotherServer = 156,

    /// <summary>Reason code 157 of MQTT 5.</summary>
    ServerMoved = 157,

    /// <summary>Reason code 158 of MQTT 5.</summary>
    SharedSubscriptionsNotSupported = 158,

    /// <summary>Reason code 159 of MQTT 5.</summary>
    ConnectionRateExceeded = 159,

    /// <summary>Reason code 160 of MQTT 5.</summary>
    MaximumConnectTime = 160,

    /// <summary>Reason code 161 of MQTT 5.</summary>
    SubscriptionIdentifiersNotSupported = 161,

    /// <summary>Reason code 162 of MQTT 5.</summary>
    WildcardSubscriptionsNotSupported = 162
}
