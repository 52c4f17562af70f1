namespace MQTTnet.Exceptions;

/// <summary>Talking to the server failed: unreachable, lost, or not what was expected.</summary>
public class MqttCommunicationException : Exception
{
    /// <summary>Wraps another failure and takes its message.</summary>
    public MqttCommunicationException(Exception innerException)
        : base(innerException?.Message ?? "MQTT communication failed.", innerException)
    {
    }

    /// <summary>States the failure.</summary>
    public MqttCommunicationException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
