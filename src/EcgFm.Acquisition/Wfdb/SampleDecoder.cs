using System.Buffers.Binary;

namespace EcgFm.Acquisition.Wfdb;

/// <summary>Reads the interleaved samples of one signal file, from its first to its last, in chunks of any size.</summary>
internal sealed class SampleDecoder : IDisposable
{
    private readonly FileStream? _file;
    private readonly int _format;
    private readonly int[] _previous;
    private readonly byte[] _bytes = new byte[3 * 4 * 2048];
    private readonly int[] _spare = new int[3];
    private int _spareAt = 3;
    private int _start;
    private int _end;
    private int _phase;

    /// <param name="path">The file; null for format 0.</param>
    /// <param name="format">The storage format.</param>
    /// <param name="offset">Bytes before the first sample.</param>
    /// <param name="initial">The starting value of each sample of a frame, for format 8.</param>
    public SampleDecoder(string? path, int format, long offset, int[] initial)
    {
        _format = format;
        _previous = [.. initial];
        _spareAt = WfdbFormat.UnitSamples(format);
        if (path is null) return;
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 1, FileOptions.SequentialScan);
        _file.Position = offset;
    }

    /// <summary>Fills the span with the next samples; behind the end of the file they are <see cref="WfdbFormat.NoSample"/>.</summary>
    public void Read(Span<int> samples)
    {
        if (_file is null)
        {
            samples.Fill(WfdbFormat.NoSample);
            return;
        }

        var perUnit = WfdbFormat.UnitSamples(_format);
        while (_spareAt < perUnit && samples.Length > 0)
        {
            samples[0] = _spare[_spareAt++];
            samples = samples[1..];
        }

        var unitBytes = WfdbFormat.UnitBytes(_format);
        while (samples.Length >= perUnit)
        {
            var units = Math.Min(Fill(unitBytes), samples.Length / perUnit);
            if (units == 0) break;
            Decode(_bytes.AsSpan(_start, units * unitBytes), samples[..(units * perUnit)]);
            _start += units * unitBytes;
            samples = samples[(units * perUnit)..];
        }

        if (samples.Length == 0) return;

        // A unit of which only a part is asked for, or the file's last one of which only a part is there.
        Fill(unitBytes);
        var there = Math.Min(unitBytes, _end - _start);
        var whole = (int)WfdbFormat.Samples(_format, there);
        Span<byte> unit = stackalloc byte[unitBytes];
        _bytes.AsSpan(_start, there).CopyTo(unit);
        _start += there;
        Decode(unit, _spare.AsSpan(0, perUnit));
        _spare.AsSpan(whole, perUnit - whole).Fill(WfdbFormat.NoSample);
        var taken = Math.Min(perUnit, samples.Length);
        _spare.AsSpan(0, taken).CopyTo(samples);
        _spareAt = taken;
        samples[taken..].Fill(WfdbFormat.NoSample);
    }

    public void Dispose() => _file?.Dispose();

    /// <summary>Makes bytes ready; returns how many whole units there are.</summary>
    private int Fill(int unitBytes)
    {
        while (_end - _start < unitBytes)
        {
            _bytes.AsSpan(_start, _end - _start).CopyTo(_bytes);
            (_start, _end) = (0, _end - _start);
            var read = _file!.Read(_bytes.AsSpan(_end));
            if (read == 0) break;
            _end += read;
        }

        return (_end - _start) / unitBytes;
    }

    private void Decode(ReadOnlySpan<byte> bytes, Span<int> samples)
    {
        switch (_format)
        {
            case 8:
                for (var i = 0; i < samples.Length; i++)
                {
                    samples[i] = _previous[_phase] += (sbyte)bytes[i];
                    if (++_phase == _previous.Length) _phase = 0;
                }

                break;
            case 16:
                for (var i = 0; i < samples.Length; i++) samples[i] = BinaryPrimitives.ReadInt16LittleEndian(bytes[(2 * i)..]);
                break;
            case 24:
                for (var i = 0; i < samples.Length; i++) samples[i] = bytes[3 * i] | bytes[3 * i + 1] << 8 | (sbyte)bytes[3 * i + 2] << 16;
                break;
            case 32:
                for (var i = 0; i < samples.Length; i++) samples[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(4 * i)..]);
                break;
            case 61:
                for (var i = 0; i < samples.Length; i++) samples[i] = BinaryPrimitives.ReadInt16BigEndian(bytes[(2 * i)..]);
                break;
            case 80:
                for (var i = 0; i < samples.Length; i++) samples[i] = bytes[i] - 128;
                break;
            case 160:
                for (var i = 0; i < samples.Length; i++) samples[i] = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]) - 32768;
                break;
            case 212:
                for (int i = 0, at = 0; i < samples.Length; i += 2, at += 3)
                {
                    samples[i] = SignExtend(bytes[at] | (bytes[at + 1] & 0x0F) << 8, 12);
                    samples[i + 1] = SignExtend(bytes[at + 2] | (bytes[at + 1] & 0xF0) << 4, 12);
                }

                break;
            case 310:
                for (int i = 0, at = 0; i < samples.Length; i += 3, at += 4)
                {
                    int first = BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]), second = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(at + 2)..]);
                    samples[i] = SignExtend(first >> 1 & 0x3FF, 10);
                    samples[i + 1] = SignExtend(second >> 1 & 0x3FF, 10);
                    samples[i + 2] = SignExtend(first >> 11 | second >> 11 << 5, 10);
                }

                break;
            case 311:
                for (int i = 0, at = 0; i < samples.Length; i += 3, at += 4)
                {
                    var word = BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);
                    samples[i] = SignExtend(word & 0x3FF, 10);
                    samples[i + 1] = SignExtend(word >> 10 & 0x3FF, 10);
                    samples[i + 2] = SignExtend(word >> 20 & 0x3FF, 10);
                }

                break;
        }
    }

    private static int SignExtend(int value, int bits) => value << 32 - bits >> 32 - bits;
}
