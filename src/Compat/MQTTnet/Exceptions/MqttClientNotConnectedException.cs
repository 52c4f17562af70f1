namespace MQTTnet.Exceptions;

/// <summary>The operation needs a connection and there is none.</summary>
public sealed class MqttClientNotConnectedException : MqttCommunicationException
{
    /// <summary>Creates the exception.</summary>
    public MqttClientNotConnectedException()
        : base("The MQTT client is not connected.")
    {
    }
}
