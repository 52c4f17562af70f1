namespace MQTTnet;

/// <summary>A message arrived.</summary>
/// <remarks>libmosquitto acknowledges before the handler runs; the members of the official class that defer or refuse the acknowledgement are left out.</remarks>
public sealed class MqttApplicationMessageReceivedEventArgs : EventArgs
{
    internal MqttApplicationMessageReceivedEventArgs(string clientId, MqttApplicationMessage applicationMessage, ushort packetIdentifier)
    {
        ClientId = clientId;
        ApplicationMessage = applicationMessage;
        PacketIdentifier = packetIdentifier;
    }

    /// <summary>The message.</summary>
    public MqttApplicationMessage ApplicationMessage { get; }

    /// <summary>The client it arrived at.</summary>
    public string ClientId { get; }

    /// <summary>For the handlers' own use.</summary>
    public bool IsHandled { get; set; }

    /// <summary>The packet identifier; 0 for quality of service 0.</summary>
    public ushort PacketIdentifier { get; }

    /// <summary>For the handlers' own use.</summary>
    public object? Tag { get; set; }
}
