namespace MQTTnet;

/// <summary>A connection is about to be tried.</summary>
public sealed class MqttClientConnectingEventArgs : EventArgs
{
    /// <summary>Creates the arguments.</summary>
    public MqttClientConnectingEventArgs(MqttClientOptions clientOptions)
    {
        ClientOptions = clientOptions;
    }

    /// <summary>What will be tried.</summary>
    public MqttClientOptions ClientOptions { get; }
}
