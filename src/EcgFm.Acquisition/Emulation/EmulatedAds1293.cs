using System.Buffers;
using System.Buffers.Binary;

namespace EcgFm.Acquisition.Emulation;

/// <summary>ProtoCentral's ADS1293 board with the Arduino example "5-lead ECG, OpenView"; the converter's code after its data sheet.</summary>
/// <param name="line">Takes what it sends.</param>
public sealed class EmulatedAds1293(IBufferWriter<byte> line) : BoardEmulator(line, 3, 100)
{
    /// <summary>The length of its payload.</summary>
    public const int PayloadLength = 12;

    private const double CodeMax = 0x800000, ReferenceVolts = 2.4, Gain = 3.5;

    /// <inheritdoc/>
    public override void Receive(ReadOnlySpan<byte> bytes)
    {
        // The example takes no commands.
    }

    /// <inheritdoc/>
    public override void Sample(ReadOnlySpan<double> millivolts, uint leadOff = 0)
    {
        Streaming = true;
        Span<byte> packet = stackalloc byte[PayloadLength + 7];
        packet.Clear();
        (packet[0], packet[1], packet[2], packet[4], packet[^1]) = (0x0A, 0xFA, PayloadLength, 2, 0x0B);
        for (var i = 0; i < Inputs; i++)
        {
            var raw = (int)Math.Clamp(Math.Round((Gain * millivolts[i] / 1000 / (2 * ReferenceVolts) + 0.5) * CodeMax), 0, CodeMax - 1);
            // The example takes the 24 bits for a two's complement and extends their sign.
            BinaryPrimitives.WriteInt32LittleEndian(packet[(5 + 4 * i)..], raw << 8 >> 8);
        }

        Line.Write(packet);
    }
}
