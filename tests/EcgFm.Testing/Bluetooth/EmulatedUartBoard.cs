using System.Buffers;
using System.Net.Sockets;
using EcgFm.Acquisition.Emulation;
using EcgFm.Acquisition.Profiles;

namespace EcgFm.Testing.Bluetooth;

/// <summary>A board behind Nordic's UART service, by its documentation; paired, it has the Serial Port Profile too.</summary>
public sealed class EmulatedUartBoard : Peripheral
{
    private const string Receive = "6e400002-b5a3-f393-e0a9-e50e24dcca9e", Transmit = "6e400003-b5a3-f393-e0a9-e50e24dcca9e";

    private readonly ArrayBufferWriter<byte> _sent = new();

    public EmulatedUartBoard(DeviceProfile profile) => Board = BoardEmulator.Create(profile, _sent);

    public BoardEmulator Board { get; }

    /// <summary>Whether somebody has asked for notifications.</summary>
    public bool Listened { get; private set; }

    public override IReadOnlyList<(string, IReadOnlyList<(string, string[])>)> Services { get; } =
        [("6e400001-b5a3-f393-e0a9-e50e24dcca9e", [(Receive, ["write", "write-without-response"]), (Transmit, ["notify"])])];

    public override void Write(string uuid, byte[] value) => Board.Receive(value);

    public override void Subscribe(string uuid, bool on) => Listened = on;

    public override void Disconnected() => Listened = false;

    /// <summary>Sends what the board has to say, in pieces that the link carries, or over the serial line when there is one.</summary>
    /// <returns>How many bytes.</returns>
    public int Flush(Socket? serial = null)
    {
        var bytes = _sent.WrittenSpan.ToArray();
        _sent.ResetWrittenCount();
        if (serial is not null) serial.Send(bytes);
        else foreach (var piece in bytes.Chunk(Mtu - 3)) Send?.Invoke(Transmit, piece);
        return bytes.Length;
    }
}
