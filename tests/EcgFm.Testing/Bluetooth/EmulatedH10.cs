using System.Buffers.Binary;

namespace EcgFm.Testing.Bluetooth;

/// <summary>A Polar H10 as the sources of Polar's SDK describe it (measurement data service, ECG only). It knows nothing of the decoder here.</summary>
public sealed class EmulatedH10 : Peripheral
{
    public const int Rate = 130;
    public const int SamplesPerPacket = 73;

    private const string Service = "fb005c80-02e7-f387-1cad-8acd2d8df0c8";
    private const string Control = "fb005c81-02e7-f387-1cad-8acd2d8df0c8";
    private const string Data = "fb005c82-02e7-f387-1cad-8acd2d8df0c8";

    private readonly List<string> _log = [];

    public EmulatedH10() => Name = "Polar H10 1234ABCD";

    public override IReadOnlyList<(string, IReadOnlyList<(string, string[])>)> Services { get; } =
    [
        ("0000180d-0000-1000-8000-00805f9b34fb", [("00002a37-0000-1000-8000-00805f9b34fb", ["notify"])]),
        (Service, [(Control, ["read", "write", "indicate"]), (Data, ["notify"])]),
    ];

    /// <summary>Heart rate, and the service that is assigned to Polar; a log of a strap's advertising has no other (Heltec-Aaron-Lee/WiFi_Kit_series#239).</summary>
    public override IReadOnlyList<string> Advertised { get; } = ["0000180d-0000-1000-8000-00805f9b34fb", "0000feee-0000-1000-8000-00805f9b34fb"];

    /// <summary>The sample in microvolts, by its index.</summary>
    public Func<long, int> Source { get; init; } = i => (int)(i * 7919 % 40_001) - 20_000;

    /// <summary>What a start is refused with; 0 for none.</summary>
    public byte Refusal { get; set; }

    /// <summary>Whether the ECG stream is on.</summary>
    public bool Streaming { get; set; }

    /// <summary>The index of the next sample.</summary>
    public long Next { get; set; }

    /// <summary>Nanoseconds since 2000-01-01 of sample 0, by the sensor's clock.</summary>
    public ulong Epoch { get; set; } = 845_000_000_000_000_000;

    /// <summary>What was asked of it.</summary>
    public IReadOnlyList<string> Log
    {
        get
        {
            lock (_log) return [.. _log];
        }
    }

    /// <summary>Called when it is asked to start, before it answers.</summary>
    public Action? OnStart { get; set; }

    public override byte[] Read(string uuid) => uuid == Control ? [0x0F, 0x05, 0x00] : [];

    public override void Write(string uuid, byte[] value)
    {
        if (uuid != Control) return;
        lock (_log) _log.Add(Convert.ToHexString(value));
        switch (value)
        {
            case [0x01, 0x00]:
                // One rate and one resolution.
                Send?.Invoke(Control, [0xF0, 0x01, 0x00, 0x00, 0x00, 0x00, 0x01, 0x82, 0x00, 0x01, 0x01, 0x0E, 0x00]);
                break;
            case [0x02, 0x00, 0x00, 0x01, 0x82, 0x00, 0x01, 0x01, 0x0E, 0x00]:
                OnStart?.Invoke();
                var status = Refusal != 0 ? Refusal : Streaming ? (byte)6 : (byte)0;
                if (status == 0) Streaming = true;
                Send?.Invoke(Control, [0xF0, 0x02, 0x00, status, 0x00]);
                break;
            case [0x03, 0x00]:
                Send?.Invoke(Control, [0xF0, 0x03, 0x00, Streaming ? (byte)0 : (byte)6, 0x00]);
                Streaming = false;
                break;
            default:
                Send?.Invoke(Control, [0xF0, value[0], value.Length > 1 ? value[1] : (byte)0, 5, 0x00]);
                break;
        }
    }

    public override void Disconnected() => Streaming = false;

    /// <summary>The sensor ends the measurement by itself.</summary>
    public void StopByItself()
    {
        Streaming = false;
        Send?.Invoke(Control, [0x01, 0x00]);
    }

    /// <summary>The next packet: type, time of the last sample, frame type, samples of 24 bits.</summary>
    public byte[] Packet(int samples = SamplesPerPacket)
    {
        var packet = new byte[10 + 3 * samples];
        for (var i = 0; i < samples; i++)
        {
            var value = Source(Next + i);
            (packet[10 + 3 * i], packet[11 + 3 * i], packet[12 + 3 * i]) = ((byte)value, (byte)(value >> 8), (byte)(value >> 16));
        }

        Next += samples;
        BinaryPrimitives.WriteUInt64LittleEndian(packet.AsSpan(1), Epoch + (ulong)((UInt128)(ulong)(Next - 1) * 1_000_000_000 / Rate));
        return packet;
    }

    /// <summary>Sends the next packet, if it measures.</summary>
    public bool SendPacket(int samples = SamplesPerPacket)
    {
        if (!Streaming) return false;
        Send?.Invoke(Data, Packet(samples));
        return true;
    }
}
