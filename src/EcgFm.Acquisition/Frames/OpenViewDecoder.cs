using System.Buffers.Binary;
using Microsoft.Extensions.Logging;

namespace EcgFm.Acquisition.Frames;

/// <summary>Decodes ProtoCentral's OpenView packets: <c>0A FA | length LE16 | type | payload | 00 0B</c>. What stands in the payload is the profile's.</summary>
/// <remarks>
/// The packets have neither checksum nor counter. The bytes that had to be skipped since the last packet tell how many were damaged; packets that never came
/// show only in time, which is not known here. A packet is believed when it follows on the one before, or when another begins right behind it.
/// </remarks>
public sealed class OpenViewDecoder : ScanningDecoder
{
    private const int HeaderLength = 5;
    private const int FooterLength = 2;
    private const byte FirstMark = 0x0A, SecondMark = 0xFA, Stop = 0x0B;

    private readonly FramingSettings _settings;
    private readonly int _length;
    private readonly int[] _values;
    private uint _counter;

    /// <param name="settings">The type of the packets, the length of the payload and what stands in it.</param>
    /// <param name="name">What the bytes come from, for the log.</param>
    /// <param name="log">Gets one line for each outage.</param>
    public OpenViewDecoder(FramingSettings settings, string name = "openview", ILogger? log = null)
        : base(HeaderLength + settings.PayloadLength + FooterLength + 2, name, log)
    {
        _settings = settings;
        _length = HeaderLength + settings.PayloadLength + FooterLength;
        _values = new int[settings.Fields.Length];
    }

    private protected override int Find(ReadOnlySpan<byte> bytes)
    {
        var at = bytes.IndexOf(FirstMark);
        return at < 0 ? bytes.Length : at;
    }

    private protected override int Take(ReadOnlySpan<byte> bytes, IFrameSink sink)
    {
        if (bytes.Length > 1 && bytes[1] != SecondMark) return -1;
        if (bytes.Length < _length) return 0;
        if (BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]) != _settings.PayloadLength
            || bytes[4] != _settings.PacketType || bytes[_length - 2] != 0 || bytes[_length - 1] != Stop)
            return -1;
        if (!Joined || Skipped > 0)
        {
            if (bytes.Length < _length + 2) return 0;
            if (bytes[_length] != FirstMark || bytes[_length + 1] != SecondMark) return -1;
        }

        if (Joined) _counter += (uint)((Skipped + _length / 2) / _length);
        var payload = bytes.Slice(HeaderLength, _settings.PayloadLength);
        for (var i = 0; i < _values.Length; i++) _values[i] = _settings.Fields[i].Read(payload);
        sink.OnSamples(new SampleFrame { Counter = _counter++, Channels = _values.Length, Values = _values });
        return _length;
    }
}
