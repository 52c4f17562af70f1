using Microsoft.Extensions.Logging;

namespace EcgFm.Acquisition.Frames;

/// <summary>
/// Decodes the samples of a HackEEG board in its MessagePack mode: always the map <c>{"C": 200, "D": bytes}</c>, whose first nine bytes never change. Answers
/// still come as JSON lines between them, and are passed over.
/// </summary>
public sealed class HackEegPackDecoder : ScanningDecoder
{
    private const int HeaderLength = 9;
    private const byte Map = 0x82;

    private static ReadOnlySpan<byte> Header => [Map, 0xA1, (byte)'C', 0xCC, 200, 0xA1, (byte)'D', 0xC4];

    private readonly int _sampleLength;
    private readonly int[] _values;

    /// <param name="converters">How many channels the converter has.</param>
    /// <param name="name">What the bytes come from, for the log.</param>
    /// <param name="log">Gets one line for each outage.</param>
    public HackEegPackDecoder(int converters = 8, string name = "hackeeg", ILogger? log = null)
        : base(HeaderLength + HackEegSample.Length(converters) + 1, name, log)
    {
        _sampleLength = HackEegSample.Length(converters);
        _values = new int[converters];
    }

    private protected override int Find(ReadOnlySpan<byte> bytes)
    {
        var at = bytes.IndexOf(Map);
        return at < 0 ? bytes.Length : at;
    }

    private protected override int Take(ReadOnlySpan<byte> bytes, IFrameSink sink)
    {
        var begun = bytes[..Math.Min(bytes.Length, Header.Length)];
        if (!Header.StartsWith(begun)) return -1;
        var length = HeaderLength + _sampleLength;
        if (bytes.Length < length) return 0;
        if (bytes[HeaderLength - 1] != _sampleLength) return -1;
        // Nothing marks the end of a sample: what has lost a byte, or gained one, shows in what does not follow it.
        if (bytes.Length > length && bytes[length] is not (Map or (byte)'{')) return -1;
        if (bytes.Length == length && (!Joined || Skipped > 0)) return 0;

        return HackEegSample.TryRead(bytes.Slice(HeaderLength, _sampleLength), _values, sink) ? length : -1;
    }
}
