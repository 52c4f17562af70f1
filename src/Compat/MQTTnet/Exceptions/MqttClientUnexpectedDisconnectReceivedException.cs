using MQTTnet.Protocol;

namespace MQTTnet.Exceptions;

/// <summary>The server sent DISCONNECT while an answer was awaited.</summary>
public sealed class MqttClientUnexpectedDisconnectReceivedException : MqttCommunicationException
{
    internal MqttClientUnexpectedDisconnectReceivedException(MqttDisconnectReasonCode reasonCode, string? reasonString)
        : base($"Unexpected DISCONNECT (Reason code={reasonCode}) received.")
    {
        ReasonCode = reasonCode;
        ReasonString = reasonString;
    }

    /// <summary>The server's reason.</summary>
    public MqttDisconnectReasonCode? ReasonCode { get; }

    /// <summary>The server's explanation, if it gave one.</summary>
    public string? ReasonString { get; }
}
