using System.Buffers.Binary;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EcgFm.Acquisition.Frames;

/// <summary>Reads the ECG packets of Polar's measurement data service (PMD), each preceded by its length (16 bits little-endian).</summary>
/// <remarks>
/// A packet has no counter, but the time of its last sample in nanoseconds of the sensor's clock. Packets that follow on each other are counted; where that time
/// has run ahead by more than half a packet, samples were lost, and the counter jumps by as many. A clock that runs back or leaps (it begins in 2019 after the
/// sensor was without power) is a restart. Bluetooth's own checksum guards each packet.
/// </remarks>
/// <param name="format">One channel in microvolts; a restart is told with it.</param>
/// <param name="name">What the bytes come from, for the log.</param>
/// <param name="log">Gets a line for each outage.</param>
public sealed class PmdDecoder(StreamFormat format, string name = "", ILogger? log = null) : IFrameDecoder
{
    private const int Prefix = 2;
    private const int HeaderLength = 10;
    private const int SampleLength = 3;
    private const int MaxPacket = 512;
    private const byte EcgType = 0, RawMicrovolts = 0;

    /// <summary>No packet is that late on an open link: the clock was set.</summary>
    private const double LongestGapSeconds = 600;

    private readonly ILogger _log = log ?? NullLogger.Instance;
    private readonly byte[] _packet = new byte[Prefix + MaxPacket];
    private readonly int[] _values = new int[(MaxPacket - HeaderLength) / SampleLength];
    private int _length;
    private StreamFormat _format = format;
    private bool _following;
    private ulong _lastTime;
    private uint _counter;
    private bool _inOutage;
    private long _good, _bad, _foreign;

    /// <inheritdoc/>
    public FrameCounts Counts => new(_good, _bad, _foreign, 0);

    /// <inheritdoc/>
    public void Decode(ReadOnlySpan<byte> bytes, IFrameSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        while (!bytes.IsEmpty)
        {
            var wanted = _length < Prefix ? Prefix : Prefix + PacketLength;
            var taken = Math.Min(wanted - _length, bytes.Length);
            bytes[..taken].CopyTo(_packet.AsSpan(_length));
            bytes = bytes[taken..];
            _length += taken;
            if (_length < Prefix) return;
            if (PacketLength is 0 or > MaxPacket)
            {
                // Not at the beginning of a packet: one byte forward, and look again.
                Reject();
                _packet[0] = _packet[1];
                _length = 1;
            }
            else if (_length == Prefix + PacketLength)
            {
                _length = 0;
                Take(_packet.AsSpan(Prefix, PacketLength), sink);
            }
        }
    }

    private int PacketLength => BinaryPrimitives.ReadUInt16LittleEndian(_packet);

    private void Take(ReadOnlySpan<byte> packet, IFrameSink sink)
    {
        if (packet.Length < HeaderLength)
        {
            Reject();
            return;
        }

        // The two high bits of the type are flags; bit 7 of the frame type says that samples are compressed, which ECG never is.
        if ((packet[0] & 0x3F) != EcgType || packet[9] != RawMicrovolts)
        {
            _foreign++;
            return;
        }

        var (count, rest) = Math.DivRem(packet.Length - HeaderLength, SampleLength);
        if (rest != 0 || count == 0)
        {
            Reject();
            return;
        }

        _good++;
        _inOutage = false;
        Place(BinaryPrimitives.ReadUInt64LittleEndian(packet[1..]), count, sink);
        for (int i = 0, at = HeaderLength; i < count; i++, at += SampleLength)
            _values[i] = packet[at] | packet[at + 1] << 8 | (sbyte)packet[at + 2] << 16;
        sink.OnSamples(new SampleFrame { Counter = _counter, Channels = 1, Values = _values.AsSpan(0, count) });
        _counter += (uint)count;
    }

    private void Place(ulong time, int count, IFrameSink sink)
    {
        var seconds = (time - (double)_lastTime) / 1e9;
        var following = _following;
        (_following, _lastTime) = (true, time);
        if (!following) return;
        if (seconds is <= 0 or > LongestGapSeconds)
        {
            _format = _format with { StreamId = (ushort)(_format.StreamId + 1) };
            sink.OnFormat(_format);
            return;
        }

        var lost = seconds * _format.SampleRate - count;
        if (lost > count / 2.0) _counter += (uint)Math.Round(lost);
    }

    private void Reject()
    {
        _bad++;
        if (!_inOutage) _log.LogWarning("{Name}: bytes that are no packet of Polar's measurement data service are left out.", name);
        _inOutage = true;
    }
}
