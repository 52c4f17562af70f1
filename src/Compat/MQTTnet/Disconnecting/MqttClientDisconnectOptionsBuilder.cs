using MQTTnet.Packets;

namespace MQTTnet;

/// <summary>Builds <see cref="MqttClientDisconnectOptions"/>.</summary>
public sealed class MqttClientDisconnectOptionsBuilder
{
    private readonly MqttClientDisconnectOptions options = new();

    /// <summary>The finished options.</summary>
    public MqttClientDisconnectOptions Build() => options;

    /// <summary>Sets the reason.</summary>
    public MqttClientDisconnectOptionsBuilder WithReason(MqttClientDisconnectOptionsReason value)
    {
        options.Reason = value;
        return this;
    }

    /// <summary>Sets the explanation (MQTT 5).</summary>
    public MqttClientDisconnectOptionsBuilder WithReasonString(string value)
    {
        options.ReasonString = value;
        return this;
    }

    /// <summary>Sets a new expiry of the session, in seconds (MQTT 5).</summary>
    public MqttClientDisconnectOptionsBuilder WithSessionExpiryInterval(uint value)
    {
        options.SessionExpiryInterval = value;
        return this;
    }

    /// <summary>Adds a name and value pair (MQTT 5).</summary>
    public MqttClientDisconnectOptionsBuilder WithUserProperty(string name, string value)
    {
        (options.UserProperties ??= []).Add(new MqttUserProperty(name, value));
        return this;
    }
}
