namespace MQTTnet.Formatter;

/// <summary>The version of the protocol on the wire.</summary>
public enum MqttProtocolVersion
{
    /// <summary>Not known yet.</summary>
    Unknown = 0,

    /// <summary>MQTT 3.1.</summary>
    V310 = 3,

    /// <summary>MQTT 3.1.1.</summary>
    V311 = 4,

    /// <summary>MQTT 5.</summary>
    V500 = 5
}
