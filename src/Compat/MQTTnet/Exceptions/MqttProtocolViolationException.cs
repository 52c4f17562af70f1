namespace MQTTnet.Exceptions;

/// <summary>What was asked for, or what was received, is not valid MQTT.</summary>
public class MqttProtocolViolationException : Exception
{
    /// <summary>States the violation.</summary>
    public MqttProtocolViolationException(string message)
        : base(message)
    {
    }
}
