using System.Buffers.Text;
using Microsoft.Extensions.Logging;

namespace EcgFm.Acquisition.Frames;

/// <summary>Decodes the samples of a HackEEG board in its JSON Lines mode: <c>{"C":200,"D":"base64"}</c>. Other lines are answers, and are passed over.</summary>
public sealed class HackEegJsonDecoder : ScanningDecoder
{
    /// <summary>Answers are longer than samples, but not much.</summary>
    private const int LongestLine = 512;

    private static ReadOnlySpan<byte> Before => "{\"C\":200,\"D\":\""u8;

    private static ReadOnlySpan<byte> Behind => "\"}"u8;

    private readonly int _encodedLength;
    private readonly byte[] _sample;
    private readonly int[] _values;

    /// <param name="converters">How many channels the converter has.</param>
    /// <param name="name">What the bytes come from, for the log.</param>
    /// <param name="log">Gets one line for each outage.</param>
    public HackEegJsonDecoder(int converters = 8, string name = "hackeeg", ILogger? log = null)
        : base(LongestLine, name, log)
    {
        var length = HackEegSample.Length(converters);
        _encodedLength = Base64.GetMaxEncodedToUtf8Length(length);
        _sample = new byte[length];
        _values = new int[converters];
    }

    private protected override int Find(ReadOnlySpan<byte> bytes)
    {
        // Line ends stand between lines and are no damage.
        return bytes[0] is (byte)'\n' or (byte)'\r' ? 0 : bytes.IndexOf((byte)'{') is >= 0 and var at ? at : bytes.Length;
    }

    private protected override int Take(ReadOnlySpan<byte> bytes, IFrameSink sink)
    {
        if (bytes[0] is (byte)'\n' or (byte)'\r') return LineEnd;
        var end = bytes.IndexOf((byte)'\n');
        if (end < 0) return bytes.Length < LongestLine ? 0 : -1;
        var line = bytes[..end];
        if (line[^1] == '\r') line = line[..^1];
        if (line.Length == Before.Length + _encodedLength + Behind.Length && line.StartsWith(Before) && line.EndsWith(Behind))
        {
            Base64.DecodeFromUtf8(line.Slice(Before.Length, _encodedLength), _sample, out _, out var written);
            return written == _sample.Length && HackEegSample.TryRead(_sample, _values, sink) ? end + 1 : -1;
        }

        // A whole object with a status is an answer; anything else is what is left of a sample.
        return line.StartsWith("{\"STATUS_CODE\":"u8) && line[^1] == '}' && line[1..].IndexOf((byte)'{') < 0 ? -(end + 1) : -1;
    }
}
