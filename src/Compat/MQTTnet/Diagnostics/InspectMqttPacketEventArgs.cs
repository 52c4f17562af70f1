namespace MQTTnet.Diagnostics.PacketInspection;

/// <summary>A packet went over the wire.</summary>
public sealed class InspectMqttPacketEventArgs : EventArgs
{
    /// <summary>Creates the arguments.</summary>
    public InspectMqttPacketEventArgs(MqttPacketFlowDirection direction, byte[] buffer)
    {
        Direction = direction;
        Buffer = buffer ?? throw new ArgumentNullException(nameof(buffer));
    }

    /// <summary>The packet's bytes.</summary>
    public byte[] Buffer { get; }

    /// <summary>Which way it went.</summary>
    public MqttPacketFlowDirection Direction { get; }
}
