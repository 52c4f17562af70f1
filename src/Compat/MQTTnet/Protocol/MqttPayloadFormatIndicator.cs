namespace MQTTnet.Protocol;

/// <summary>Whether a payload is text (MQTT 5).</summary>
public enum MqttPayloadFormatIndicator
{
    /// <summary>Bytes of unknown meaning.</summary>
    Unspecified = 0,

    /// <summary>UTF-8 text.</summary>
    CharacterData = 1
}
