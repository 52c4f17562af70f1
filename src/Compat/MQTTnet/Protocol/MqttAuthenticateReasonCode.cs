namespace MQTTnet.Protocol;

/// <summary>Reason code of an AUTH packet (MQTT 5).</summary>
public enum MqttAuthenticateReasonCode
{
    /// <summary>Reason code 0 of MQTT 5.</summary>
    Success = 0,

    /// <summary>Reason code 24 of MQTT 5.</summary>
    ContinueAuthentication = 24,

    /// <summary>Reason code 25 of MQTT 5.</summary>
    ReAuthenticate = 25
}
