namespace MQTTnet.Exceptions;

/// <summary>The connection ended before the server had answered.</summary>
public sealed class MqttClientDisconnectedException : MqttCommunicationException
{
    /// <summary>Creates the exception with the cause of the disconnection, where there is one.</summary>
    public MqttClientDisconnectedException(Exception? innerException)
        : base("The MQTT client is disconnected.", innerException)
    {
    }
}
