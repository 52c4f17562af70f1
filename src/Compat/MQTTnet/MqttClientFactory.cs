using System.Diagnostics.CodeAnalysis;
using MQTTnet.Native;

namespace MQTTnet;

/// <summary>Makes clients and builders.</summary>
[SuppressMessage("Performance", "CA1822", Justification = "The official factory has instance members.")]
public class MqttClientFactory
{
    /// <summary>A builder of messages.</summary>
    public MqttApplicationMessageBuilder CreateApplicationMessageBuilder() => new();

    /// <summary>A builder of disconnect options.</summary>
    public MqttClientDisconnectOptionsBuilder CreateClientDisconnectOptionsBuilder() => new();

    /// <summary>A builder of client options.</summary>
    public MqttClientOptionsBuilder CreateClientOptionsBuilder() => new();

    /// <summary>A client, not connected yet.</summary>
    /// <exception cref="DllNotFoundException">libmosquitto is not installed.</exception>
    public IMqttClient CreateMqttClient()
    {
        LibMosquitto.EnsureAvailable();
        return new MqttClient();
    }

    /// <summary>A builder of subscribe options.</summary>
    public MqttClientSubscribeOptionsBuilder CreateSubscribeOptionsBuilder() => new();

    /// <summary>A builder of topic filters.</summary>
    public MqttTopicFilterBuilder CreateTopicFilterBuilder() => new();

    /// <summary>A builder of unsubscribe options.</summary>
    public MqttClientUnsubscribeOptionsBuilder CreateUnsubscribeOptionsBuilder() => new();
}
