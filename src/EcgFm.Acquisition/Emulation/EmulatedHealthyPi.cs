using System.Buffers;

namespace EcgFm.Acquisition.Emulation;

/// <summary>ProtoCentral's HealthyPi 5, after its firmware (<c>data_module.c</c>): one lead at 128 Hz, sent as long as somebody listens.</summary>
/// <param name="line">Takes what it sends.</param>
public sealed class EmulatedHealthyPi(IBufferWriter<byte> line) : BoardEmulator(line, 1, 128)
{
    /// <summary>The length of its payload.</summary>
    public const int PayloadLength = 22;

    /// <summary>Amplification of the MAX30001, V/V.</summary>
    private const double Gain = 80;

    /// <inheritdoc/>
    public override void Receive(ReadOnlySpan<byte> bytes)
    {
        // It takes commands of another format, for its display and recordings.
    }

    /// <inheritdoc/>
    public override void Sample(ReadOnlySpan<double> millivolts, uint leadOff = 0)
    {
        Streaming = true;
        // 18 bits with a reference of 1 V, left-justified in 24.
        var code = (int)Math.Clamp(Math.Round(millivolts[0] / 1000 * Gain * (1 << 17)), -(1 << 17), (1 << 17) - 1) << 6;
        Span<byte> packet =
        [
            0x0A, 0xFA, PayloadLength, 0, 2,
            (byte)code, (byte)(code >> 8), (byte)(code >> 16), (byte)(code >> 24),
            0, 0, 0, 0, 0xFF, // bio-impedance, and that it is an old value
            0x10, 0x27, 0, 0, 0x20, 0x4E, 0, 0, // red, infrared
            0x42, 0x0E, // 36.5 °C
            98, 72, 14, // SpO2, heart rate, respiration
            0, 0x0B,
        ];
        Line.Write(packet);
    }
}
