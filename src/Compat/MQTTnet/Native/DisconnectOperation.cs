namespace MQTTnet.Native;

/// <summary>A DISCONNECT; the end of the connection is its answer.</summary>
internal sealed class DisconnectOperation(MqttClientDisconnectOptions options) : Operation
{
    public override bool IsOver => false;

    public override void Start(MosquittoConnection connection)
    {
        using var properties = new PropertyWriter(connection.HasProperties);
        properties.AddString(PropertyId.ReasonString, options.ReasonString);
        properties.AddInt32(PropertyId.SessionExpiryInterval, options.SessionExpiryInterval);
        properties.AddUserProperties(options.UserProperties);
        connection.Disconnect((int)options.Reason, properties.List);
    }

    public override void Fail(Exception exception)
    {
        // Nobody waits for this object: the end of the connection is waited for.
    }
}
