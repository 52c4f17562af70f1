namespace MQTTnet;

/// <summary>A connection was accepted.</summary>
public sealed class MqttClientConnectedEventArgs : EventArgs
{
    /// <summary>Creates the arguments.</summary>
    public MqttClientConnectedEventArgs(MqttClientConnectResult connectResult)
    {
        ConnectResult = connectResult ?? throw new ArgumentNullException(nameof(connectResult));
    }

    /// <summary>The server's answer.</summary>
    public MqttClientConnectResult ConnectResult { get; }
}
