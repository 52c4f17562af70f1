namespace MQTTnet.Exceptions;

/// <summary>The server did not answer in time, or the caller cancelled while waiting for its answer.</summary>
public sealed class MqttCommunicationTimedOutException : MqttCommunicationException
{
    /// <summary>Creates the exception.</summary>
    public MqttCommunicationTimedOutException()
        : base("The operation has timed out.")
    {
    }

    /// <summary>Creates the exception with its cause.</summary>
    public MqttCommunicationTimedOutException(Exception innerException)
        : base("The operation has timed out.", innerException)
    {
    }
}
