using MQTTnet.Packets;

namespace MQTTnet;

/// <summary>A connection, or the attempt to make one, ended.</summary>
public sealed class MqttClientDisconnectedEventArgs : EventArgs
{
    /// <summary>Creates the arguments.</summary>
    public MqttClientDisconnectedEventArgs(
        bool clientWasConnected,
        MqttClientConnectResult? connectResult,
        MqttClientDisconnectReason reason,
        string? reasonString,
        List<MqttUserProperty>? userProperties,
        Exception? exception)
    {
        ClientWasConnected = clientWasConnected;
        ConnectResult = connectResult;
        Reason = reason;
        ReasonString = reasonString;
        UserProperties = userProperties;
        Exception = exception;
    }

    /// <summary>Whether there was a connection to lose.</summary>
    public bool ClientWasConnected { get; }

    /// <summary>The server's refusal, when the end is one.</summary>
    public MqttClientConnectResult? ConnectResult { get; }

    /// <summary>What went wrong; null when one side ended the connection with DISCONNECT.</summary>
    public Exception? Exception { get; }

    /// <summary>The reason given with DISCONNECT, or the nearest one.</summary>
    public MqttClientDisconnectReason Reason { get; }

    /// <summary>The server's explanation, if it gave one.</summary>
    public string? ReasonString { get; }

    /// <summary>Name and value pairs of the server's DISCONNECT.</summary>
    public List<MqttUserProperty>? UserProperties { get; }
}
