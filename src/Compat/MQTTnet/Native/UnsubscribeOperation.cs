using MQTTnet.Packets;

namespace MQTTnet.Native;

/// <summary>An UNSUBSCRIBE. libmosquitto keeps the server's reason codes to itself, so every filter is reported as a success.</summary>
internal sealed class UnsubscribeOperation(IReadOnlyList<string> filters, List<MqttUserProperty>? userProperties)
    : AcknowledgedOperation<MqttClientUnsubscribeResult>
{
    protected override unsafe int Send(nint handle, int* messageId, bool withProperties)
    {
        using var properties = new PropertyWriter(withProperties);
        properties.AddUserProperties(userProperties);
        using var list = new FilterList(filters);
        return list.Invoke((first, count) => LibMosquitto.mosquitto_unsubscribe_multiple(handle, messageId, count, first, properties.List));
    }

    public void Complete(int messageId, PropertyReader properties) => Complete(new MqttClientUnsubscribeResult(
        (ushort)messageId,
        [.. filters.Select(filter => new MqttClientUnsubscribeResultItem(filter, MqttClientUnsubscribeResultCode.Success))],
        properties.String(PropertyId.ReasonString),
        properties.UserProperties() ?? (IReadOnlyCollection<MqttUserProperty>)[]));
}
