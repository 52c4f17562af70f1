using System.Buffers.Binary;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EcgFm.Acquisition.Frames;

/// <summary>Reads the ECG packets of Polar's measurement data service (PMD), each preceded by its length (16 bits little-endian).</summary>
/// <remarks>
/// A packet has no counter, but the time of its last sample in nanoseconds of the sensor's clock. Packets that follow on each other are counted; where that time
/// has run ahead by more than half a packet, samples were lost, and the counter jumps by as many. A clock that was set (it begins in 2019 after the sensor was
/// without power) says nothing, and the samples follow on. A packet has no checksum: Bluetooth's guards it on the air, and a
/// recording has its own. The sensor sends on when nobody wears it, and does not say so: a line that does not move for three seconds, or lies at the end of the range, is an
/// electrode that is off; mere noise is left to the judgement of quality.
/// </remarks>
/// <param name="name">What the bytes come from, for the log.</param>
/// <param name="log">Gets a line for each outage.</param>
public sealed class PmdDecoder(string name = "", ILogger? log = null) : IFrameDecoder
{
    private const int Prefix = 2;
    private const int HeaderLength = 10;
    private const int SampleLength = 3;
    private const int MaxPacket = 512;
    private const byte EcgType = 0, RawMicrovolts = 0;

    /// <summary>Samples per second, the only rate that there is.</summary>
    private const double Rate = 130;

    /// <summary>Less movement than this over <see cref="FlatSeconds"/>, in microvolts, no worn strap shows: its noise alone is more, and no beat is further away.</summary>
    private const int Flat = 20;

    private const double FlatSeconds = 3;

    /// <summary>Beyond this, in microvolts, the input lies at the end of its range.</summary>
    private const int Rail = 20_000;

    /// <summary>No packet is that late on an open link: the clock was set.</summary>
    private const double LongestGapSeconds = 600;

    private readonly ILogger _log = log ?? NullLogger.Instance;
    private readonly byte[] _packet = new byte[Prefix + MaxPacket];
    private readonly int[] _values = new int[(MaxPacket - HeaderLength) / SampleLength];
    private int _length;
    private bool _following;
    private ulong _lastTime;
    private uint _counter;
    private bool _inOutage;
    private int _least = int.MaxValue, _most = int.MinValue, _still;
    private bool _off;
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

    /// <inheritdoc/>
    public void Lost(int bytes) => _length = 0;

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
        _counter += Lost(BinaryPrimitives.ReadUInt64LittleEndian(packet[1..]), count);
        for (int i = 0, at = HeaderLength; i < count; i++, at += SampleLength)
            _values[i] = packet[at] | packet[at + 1] << 8 | (sbyte)packet[at + 2] << 16;
        Watch(_values.AsSpan(0, count));
        sink.OnSamples(new SampleFrame { Counter = _counter, LeadOff = _off ? 1u : 0, Channels = 1, Values = _values.AsSpan(0, count) });
        _counter += (uint)count;
    }

    /// <summary>How many samples were lost before a packet.</summary>
    private uint Lost(ulong time, int count)
    {
        var seconds = (time - (double)_lastTime) / 1e9;
        var following = _following;
        (_following, _lastTime) = (true, time);
        if (!following || seconds is <= 0 or > LongestGapSeconds) return 0;
        var lost = seconds * Rate - count;
        return lost > count / 2.0 ? (uint)Math.Round(lost) : 0;
    }

    private void Watch(ReadOnlySpan<int> samples)
    {
        var railed = 0;
        foreach (var sample in samples)
        {
            (_least, _most, _still) = (Math.Min(_least, sample), Math.Max(_most, sample), _still + 1);
            if (_most - _least > Flat) (_least, _most, _still) = (sample, sample, 1);
            if (Math.Abs(sample) >= Rail) railed++;
        }

        _off = railed == samples.Length || _still >= FlatSeconds * Rate;
    }

    private void Reject()
    {
        _bad++;
        if (!_inOutage) _log.LogWarning("{Name}: bytes that are no packet of Polar's measurement data service are left out.", name);
        _inOutage = true;
    }
}
