using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MQTTnet.Native;

/// <summary>A SUBSCRIBE. libmosquitto knows one quality of service and one set of options for all of its filters.</summary>
internal sealed class SubscribeOperation(
    IReadOnlyList<MqttTopicFilter> filters, uint subscriptionIdentifier, List<MqttUserProperty>? userProperties)
    : AcknowledgedOperation<MqttClientSubscribeResult>
{
    protected override unsafe int Send(nint handle, int* messageId, bool withProperties)
    {
        using var properties = new PropertyWriter(withProperties);
        properties.AddVariableInt(PropertyId.SubscriptionIdentifier, subscriptionIdentifier);
        properties.AddUserProperties(userProperties);
        using var list = new FilterList(filters.Select(filter => filter.Topic));
        var options = withProperties ? Options(filters[0]) : 0;
        return list.Invoke((first, count) => LibMosquitto.mosquitto_subscribe_multiple(
            handle, messageId, count, first, (int)filters[0].QualityOfServiceLevel, options, properties.List));
    }

    public void Complete(int messageId, ReadOnlySpan<int> granted, PropertyReader properties)
    {
        var items = new MqttClientSubscribeResultItem[filters.Count];
        for (var i = 0; i < items.Length; i++)
            items[i] = new MqttClientSubscribeResultItem(filters[i], i < granted.Length ? (MqttClientSubscribeResultCode)granted[i] : MqttClientSubscribeResultCode.UnspecifiedError);

        Complete(new MqttClientSubscribeResult(
            (ushort)messageId, items, properties.String(PropertyId.ReasonString), properties.UserProperties() ?? (IReadOnlyCollection<MqttUserProperty>)[]));
    }

    /// <summary>The options byte of MQTT 5, section 3.8.3.1, without the quality of service.</summary>
    private static int Options(MqttTopicFilter filter) =>
        (filter.NoLocal ? 0x04 : 0) | (filter.RetainAsPublished ? 0x08 : 0) | filter.RetainHandling switch
        {
            MqttRetainHandling.SendAtSubscribeIfNewSubscriptionOnly => 0x10,
            MqttRetainHandling.DoNotSendOnSubscribe => 0x20,
            _ => 0,
        };
}
