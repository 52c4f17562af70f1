using MQTTnet.Exceptions;

namespace MQTTnet.Adapter;

/// <summary>The server was reached, and the MQTT handshake came to no answer.</summary>
/// <remarks>A refusal is an answer: it is returned as <see cref="MqttClientConnectResult.ResultCode"/>.</remarks>
public sealed class MqttConnectingFailedException : MqttCommunicationException
{
    /// <summary>Creates the exception with its cause.</summary>
    public MqttConnectingFailedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
