using System.Buffers;
using System.Text;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet;

/// <summary>Conveniences for <see cref="IMqttClient"/>.</summary>
public static class MqttClientExtensions
{
    /// <summary>Sends DISCONNECT and closes.</summary>
    public static Task DisconnectAsync(
        this IMqttClient client,
        MqttClientDisconnectOptionsReason reason = MqttClientDisconnectOptionsReason.NormalDisconnection,
        string? reasonString = null,
        uint sessionExpiryInterval = 0,
        List<MqttUserProperty>? userProperties = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        var options = new MqttClientDisconnectOptions
        {
            Reason = reason,
            ReasonString = reasonString,
            SessionExpiryInterval = sessionExpiryInterval,
            UserProperties = userProperties,
        };
        return client.DisconnectAsync(options, cancellationToken);
    }

    /// <summary>Publishes bytes.</summary>
    public static Task<MqttClientPublishResult> PublishBinaryAsync(
        this IMqttClient mqttClient,
        string topic,
        IEnumerable<byte>? payload = null,
        MqttQualityOfServiceLevel qualityOfServiceLevel = MqttQualityOfServiceLevel.AtMostOnce,
        bool retain = false,
        CancellationToken cancellationToken = default) =>
        Publish(mqttClient, topic, new MqttApplicationMessageBuilder().WithPayload(payload), qualityOfServiceLevel, retain, cancellationToken);

    /// <summary>Publishes bytes.</summary>
    public static Task<MqttClientPublishResult> PublishSequenceAsync(
        this IMqttClient mqttClient,
        string topic,
        ReadOnlySequence<byte> payload,
        MqttQualityOfServiceLevel qualityOfServiceLevel = MqttQualityOfServiceLevel.AtMostOnce,
        bool retain = false,
        CancellationToken cancellationToken = default) =>
        Publish(mqttClient, topic, new MqttApplicationMessageBuilder().WithPayload(payload), qualityOfServiceLevel, retain, cancellationToken);

    /// <summary>Publishes UTF-8 text.</summary>
    public static Task<MqttClientPublishResult> PublishStringAsync(
        this IMqttClient mqttClient,
        string topic,
        string? payload = null,
        MqttQualityOfServiceLevel qualityOfServiceLevel = MqttQualityOfServiceLevel.AtMostOnce,
        bool retain = false,
        CancellationToken cancellationToken = default) =>
        mqttClient.PublishBinaryAsync(topic, Encoding.UTF8.GetBytes(payload ?? string.Empty), qualityOfServiceLevel, retain, cancellationToken);

    /// <summary>Connects again with the options of the last time.</summary>
    /// <exception cref="InvalidOperationException">There was no last time.</exception>
    public static Task ReconnectAsync(this IMqttClient client, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        var options = client.Options
            ?? throw new InvalidOperationException("The MQTT client was not connected before: there are no options to reconnect with.");
        return client.ConnectAsync(options, cancellationToken);
    }

    /// <summary>Subscribes to one topic filter.</summary>
    public static Task<MqttClientSubscribeResult> SubscribeAsync(this IMqttClient mqttClient, MqttTopicFilter topicFilter, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(mqttClient);
        return mqttClient.SubscribeAsync(new MqttClientSubscribeOptionsBuilder().WithTopicFilter(topicFilter).Build(), cancellationToken);
    }

    /// <summary>Subscribes to one topic filter.</summary>
    public static Task<MqttClientSubscribeResult> SubscribeAsync(
        this IMqttClient mqttClient,
        string topic,
        MqttQualityOfServiceLevel qualityOfServiceLevel = MqttQualityOfServiceLevel.AtMostOnce,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(mqttClient);
        ArgumentNullException.ThrowIfNull(topic);
        return mqttClient.SubscribeAsync(new MqttClientSubscribeOptionsBuilder().WithTopicFilter(topic, qualityOfServiceLevel).Build(), cancellationToken);
    }

    /// <summary>Disconnects; false when that failed.</summary>
    public static async Task<bool> TryDisconnectAsync(
        this IMqttClient client,
        MqttClientDisconnectOptionsReason reason = MqttClientDisconnectOptionsReason.NormalDisconnection,
        string? reasonString = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        return await SucceedsAsync(client.DisconnectAsync(reason, reasonString)).ConfigureAwait(false);
    }

    /// <summary>Pings; false when that failed.</summary>
    public static async Task<bool> TryPingAsync(this IMqttClient client, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        return await SucceedsAsync(client.PingAsync(cancellationToken)).ConfigureAwait(false);
    }

    /// <summary>Unsubscribes from one topic filter.</summary>
    public static Task<MqttClientUnsubscribeResult> UnsubscribeAsync(this IMqttClient mqttClient, string topic, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(mqttClient);
        return mqttClient.UnsubscribeAsync(new MqttClientUnsubscribeOptionsBuilder().WithTopicFilter(topic).Build(), cancellationToken);
    }

    private static Task<MqttClientPublishResult> Publish(
        IMqttClient client, string topic, MqttApplicationMessageBuilder message, MqttQualityOfServiceLevel quality, bool retain, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(topic);
        return client.PublishAsync(message.WithTopic(topic).WithQualityOfServiceLevel(quality).WithRetainFlag(retain).Build(), cancellationToken);
    }

    private static async Task<bool> SucceedsAsync(Task operation)
    {
        // The two Try methods promise a boolean whatever happens.
        await operation.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return operation.IsCompletedSuccessfully;
    }
}
