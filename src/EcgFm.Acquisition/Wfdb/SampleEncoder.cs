using System.Buffers.Binary;

namespace EcgFm.Acquisition.Wfdb;

/// <summary>Writes interleaved samples to one signal file.</summary>
internal sealed class SampleEncoder(FileStream file, int format, int samplesPerFrame) : IDisposable
{
    private readonly byte[] _unit = new byte[4];
    private readonly int[] _pending = new int[3];
    private readonly int[] _previous = new int[samplesPerFrame];
    private int _count;
    private int _phase;
    private bool _started;

    /// <summary>Writes one sample and returns the value that a reader will find: format 8 limits the slope.</summary>
    public int Write(int sample)
    {
        if (format == 8) return WriteDifference(sample);
        _pending[_count++] = sample;
        if (_count < WfdbFormat.UnitSamples(format)) return sample;
        WriteUnit(WfdbFormat.UnitBytes(format));
        return sample;
    }

    /// <summary>Hands the bytes of complete units to the system, or down to the disk.</summary>
    public void Flush(bool toDisk) => file.Flush(toDisk);

    public void Dispose()
    {
        if (_count > 0)
        {
            var bytes = (int)WfdbFormat.Bytes(format, _count);
            Array.Clear(_pending, _count, _pending.Length - _count);
            WriteUnit(bytes);
        }

        file.Dispose();
    }

    private int WriteDifference(int sample)
    {
        // The first frame's differences are zero: its values stand in the header.
        var difference = _started ? Math.Clamp(sample - _previous[_phase], sbyte.MinValue, sbyte.MaxValue) : 0;
        var value = _started ? _previous[_phase] + difference : sample;
        _previous[_phase] = value;
        file.WriteByte((byte)difference);
        if (++_phase == _previous.Length) (_phase, _started) = (0, true);
        return value;
    }

    private void WriteUnit(int length)
    {
        var unit = _unit.AsSpan();
        unit.Clear();
        int a = _pending[0], b = _pending[1], c = _pending[2];
        switch (format)
        {
            case 16:
                BinaryPrimitives.WriteInt16LittleEndian(unit, (short)a);
                break;
            case 24 or 32:
                BinaryPrimitives.WriteInt32LittleEndian(unit, a);
                break;
            case 61:
                BinaryPrimitives.WriteInt16BigEndian(unit, (short)a);
                break;
            case 80:
                unit[0] = (byte)(a + 128);
                break;
            case 160:
                BinaryPrimitives.WriteUInt16LittleEndian(unit, (ushort)(a + 32768));
                break;
            case 212:
                unit[0] = (byte)a;
                unit[1] = (byte)(a >> 8 & 0x0F | b >> 4 & 0xF0);
                unit[2] = (byte)b;
                break;
            case 310:
                BinaryPrimitives.WriteUInt16LittleEndian(unit, (ushort)((a & 0x3FF) << 1 | (c & 0x1F) << 11));
                BinaryPrimitives.WriteUInt16LittleEndian(unit[2..], (ushort)((b & 0x3FF) << 1 | (c >> 5 & 0x1F) << 11));
                break;
            case 311:
                BinaryPrimitives.WriteInt32LittleEndian(unit, a & 0x3FF | (b & 0x3FF) << 10 | (c & 0x3FF) << 20);
                break;
        }

        file.Write(_unit, 0, length);
        _count = 0;
    }
}
