namespace MQTTnet;

/// <summary>A fixed user name and password.</summary>
public sealed class MqttClientCredentials : IMqttClientCredentialsProvider
{
    private readonly string userName;
    private readonly byte[]? password;

    /// <summary>Creates the credentials.</summary>
    public MqttClientCredentials(string userName, byte[]? password = null)
    {
        this.userName = userName;
        this.password = password;
    }

    /// <inheritdoc/>
    public byte[]? GetPassword(MqttClientOptions clientOptions) => password;

    /// <inheritdoc/>
    public string GetUserName(MqttClientOptions clientOptions) => userName;
}
