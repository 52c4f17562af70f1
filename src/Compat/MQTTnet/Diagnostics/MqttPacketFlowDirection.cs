namespace MQTTnet.Diagnostics.PacketInspection;

/// <summary>Which way a packet went.</summary>
public enum MqttPacketFlowDirection
{
    /// <summary>From the server.</summary>
    Inbound = 0,

    /// <summary>To the server.</summary>
    Outbound = 1
}
