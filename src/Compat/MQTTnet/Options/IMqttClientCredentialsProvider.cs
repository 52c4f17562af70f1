namespace MQTTnet;

/// <summary>Gives user name and password at each connection.</summary>
public interface IMqttClientCredentialsProvider
{
    /// <summary>The password, or null.</summary>
    byte[]? GetPassword(MqttClientOptions clientOptions);

    /// <summary>The user name.</summary>
    string GetUserName(MqttClientOptions clientOptions);
}
