using MQTTnet.Exceptions;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet.Native;

/// <summary>How a connection ended.</summary>
/// <param name="Reason">The reason given with DISCONNECT, or the nearest one.</param>
/// <param name="ReasonString">The server's explanation.</param>
/// <param name="UserProperties">The server's name and value pairs.</param>
/// <param name="Exception">What went wrong; null when one side sent DISCONNECT.</param>
/// <param name="ByServer">Whether the server sent DISCONNECT.</param>
internal sealed record ConnectionEnd(
    MqttClientDisconnectReason Reason,
    string? ReasonString = null,
    List<MqttUserProperty>? UserProperties = null,
    Exception? Exception = null,
    bool ByServer = false)
{
    /// <summary>What operations fail with that were waiting for an answer.</summary>
    public Exception ForPendingOperation() => ByServer
        ? new MqttClientUnexpectedDisconnectReceivedException((MqttDisconnectReasonCode)Reason, ReasonString)
        : new MqttClientDisconnectedException(Exception);
}
