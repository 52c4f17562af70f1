namespace MQTTnet;

/// <summary>How to reach the server.</summary>
public interface IMqttClientChannelOptions
{
    /// <summary>The transport security.</summary>
    MqttClientTlsOptions TlsOptions { get; }
}
