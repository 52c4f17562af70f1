using System.Buffers.Binary;
using Microsoft.Extensions.Logging;

namespace EcgFm.Acquisition.Frames;

/// <summary>Decodes the packets of OpenBCI's Cyton, with or without the daisy board.</summary>
/// <remarks>
/// <para>
/// 33 bytes: <c>A0</c>, counter, eight 24-bit two's complements most significant byte first, six auxiliary bytes, a footer <c>C0</c> to <c>C6</c>
/// (OpenBCI, "Cyton Data Format"). There is no checksum: a packet is believed when it follows on the one before, or when another begins right behind it.
/// </para>
/// <para>
/// With the daisy, packets of odd number carry channels 1 to 8 and the even ones after them channels 9 to 16, at half the rate each: a pair is one sampling
/// instant, and its number has seven bits.
/// </para>
/// </remarks>
public sealed class CytonDecoder : ScanningDecoder
{
    /// <summary>The length of a packet.</summary>
    public const int PacketLength = 33;

    private const byte Header = 0xA0;
    private const int Board = 8;

    private readonly bool _daisy;
    private readonly int[] _values;
    private byte? _half;

    /// <param name="daisy">Whether a daisy board is there.</param>
    /// <param name="name">What the bytes come from, for the log.</param>
    /// <param name="log">Gets one line for each outage.</param>
    public CytonDecoder(bool daisy = false, string name = "cyton", ILogger? log = null)
        : base(PacketLength + 1, name, log)
    {
        _daisy = daisy;
        _values = new int[daisy ? 2 * Board : Board];
    }

    private protected override int Find(ReadOnlySpan<byte> bytes)
    {
        var at = bytes.IndexOf(Header);
        return at < 0 ? bytes.Length : at;
    }

    private protected override int Take(ReadOnlySpan<byte> bytes, IFrameSink sink)
    {
        if (bytes.Length < PacketLength) return 0;
        var footer = bytes[PacketLength - 1];
        if (footer is < 0xC0 or > 0xC6) return -1;
        if (!Joined || Skipped > 0)
        {
            if (bytes.Length == PacketLength) return 0;
            if (bytes[PacketLength] != Header) return -1;
        }

        var counter = bytes[1];
        var second = _daisy && counter % 2 == 0;
        var values = _values.AsSpan(second ? Board : 0, Board);
        for (int i = 0, at = 2; i < Board; i++, at += 3) values[i] = (sbyte)bytes[at] << 16 | bytes[at + 1] << 8 | bytes[at + 2];
        if (!_daisy)
        {
            Samples(counter, TimeStamp(bytes, footer), sink);
        }
        else if (!second)
        {
            _half = counter;
        }
        else if (_half is { } first && (byte)(first + 1) == counter)
        {
            _half = null;
            Samples((uint)first >> 1, TimeStamp(bytes, footer), sink);
        }

        return PacketLength;
    }

    /// <summary>Footers from C3 on carry the board's milliseconds in their last four auxiliary bytes.</summary>
    private static uint? TimeStamp(ReadOnlySpan<byte> packet, byte footer) =>
        footer >= 0xC3 ? BinaryPrimitives.ReadUInt32BigEndian(packet[(PacketLength - 5)..]) * 1000 : null;

    private void Samples(uint counter, uint? microseconds, IFrameSink sink) =>
        sink.OnSamples(new SampleFrame { Counter = counter, DeviceMicroseconds = microseconds, Channels = _values.Length, Values = _values });
}
