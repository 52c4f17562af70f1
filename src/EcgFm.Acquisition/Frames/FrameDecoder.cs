using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using EcgFm.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EcgFm.Acquisition.Frames;

/// <summary>Decodes the project's own frame, version 1; <c>device/frame/README.md</c> specifies it.</summary>
/// <remarks>
/// A frame is accepted whole or not at all. After damage the next delimiter begins anew, so that a damaged byte costs the frame it is in, and
/// the next one too when it was a delimiter. Nothing is allocated for a frame of samples.
/// </remarks>
public sealed class FrameDecoder : IFrameDecoder
{
    private readonly ILogger _log;
    private readonly string _name;
    private readonly OutageLog _outage;

    private readonly byte[] _partial = new byte[FrameLayout.MaxEncoded];
    private readonly byte[] _frame = new byte[FrameLayout.MaxLength];
    private readonly int[] _values = new int[(FrameLayout.MaxLength - FrameLayout.SamplesAt) / 3];
    private int _partialLength;
    private bool _overlong;
    private bool _joined;

    private byte[] _info = [];
    private StreamFormat? _format;

    private long _good, _bad, _foreign, _unannounced;
    private bool _foreignLogged;

    /// <param name="name">What the bytes come from, for the log.</param>
    /// <param name="log">Gets one line for each outage.</param>
    public FrameDecoder(string name = "frames", ILogger? log = null) => (_name, _log, _outage) = (name, log ?? NullLogger.Instance, new OutageLog(name, log));

    /// <inheritdoc/>
    public FrameCounts Counts => new(_good, _bad, _foreign, _unannounced);

    /// <inheritdoc/>
    public void Decode(ReadOnlySpan<byte> bytes, IFrameSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOf((byte)0);
            if (end < 0)
            {
                Keep(bytes);
                return;
            }

            if (_partialLength == 0 && !_overlong)
            {
                Delimited(bytes[..end], sink);
            }
            else
            {
                Keep(bytes[..end]);
                Delimited(_overlong ? default : _partial.AsSpan(0, _partialLength), sink);
            }

            _partialLength = 0;
            _overlong = false;
            bytes = bytes[(end + 1)..];
        }
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_overlong || bytes.Length > _partial.Length - _partialLength)
        {
            _overlong = true;
            return;
        }

        bytes.CopyTo(_partial.AsSpan(_partialLength));
        _partialLength += bytes.Length;
    }

    private void Delimited(ReadOnlySpan<byte> encoded, IFrameSink sink)
    {
        // Joined in the middle: what stands before the first delimiter may be the end of a frame, which is no damage.
        var joining = !_joined;
        _joined = true;
        if (encoded.IsEmpty && !_overlong) return;

        if (_overlong || !Cobs.TryDecode(encoded, _frame, out var length) || !IsIntact(_frame.AsSpan(0, length)))
        {
            if (!joining) Damaged();
            return;
        }

        var frame = _frame.AsSpan(0, length - FrameLayout.CrcLength);
        var device = BinaryPrimitives.ReadUInt16BigEndian(frame[FrameLayout.DeviceAt..]);
        if (frame[FrameLayout.VersionAt] != FrameLayout.Version || (_format is not null && device != _format.DeviceId))
        {
            Foreign(frame[FrameLayout.VersionAt], device);
            return;
        }

        var wellFormed = frame[FrameLayout.TypeAt] switch
        {
            FrameLayout.InfoType => Info(frame, sink),
            FrameLayout.SamplesType => Samples(frame, sink),
            _ => null,
        };
        if (wellFormed is null) _foreign++;
        else if (wellFormed is true) Intact();
        else Damaged();
    }

    private static bool IsIntact(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < FrameLayout.CounterAt + FrameLayout.CrcLength) return false;
        var sent = BinaryPrimitives.ReadUInt32BigEndian(frame[^FrameLayout.CrcLength..]);
        return Crc16.Pair(frame[..^FrameLayout.CrcLength]) == sent;
    }

    private bool? Samples(ReadOnlySpan<byte> frame, IFrameSink sink)
    {
        if (frame.Length <= FrameLayout.SamplesAt) return false;
        int channels = frame[FrameLayout.ChannelsAt], instants = frame[FrameLayout.InstantsAt];
        if (channels is 0 or > ChannelLayout.MaxChannels || instants == 0) return false;
        var data = frame[FrameLayout.SamplesAt..];
        if (data.Length != channels * instants * 3) return false;

        // Samples that the last info frame does not describe are never guessed at.
        if (_format is null
            || _format.StreamId != BinaryPrimitives.ReadUInt16BigEndian(frame[FrameLayout.StreamAt..])
            || _format.Channels.Count != channels)
        {
            _unannounced++;
            return true;
        }

        var values = _values.AsSpan(0, channels * instants);
        for (int i = 0, at = 0; i < values.Length; i++, at += 3)
            values[i] = (sbyte)data[at] << 16 | data[at + 1] << 8 | data[at + 2];

        sink.OnSamples(new SampleFrame
        {
            Counter = BinaryPrimitives.ReadUInt32BigEndian(frame[FrameLayout.CounterAt..]),
            DeviceMicroseconds = BinaryPrimitives.ReadUInt32BigEndian(frame[FrameLayout.MicrosecondsAt..]),
            LeadOff = BinaryPrimitives.ReadUInt32BigEndian(frame[FrameLayout.LeadOffAt..]),
            Channels = channels,
            Values = values,
        });
        return true;
    }

    private bool? Info(ReadOnlySpan<byte> frame, IFrameSink sink)
    {
        if (frame.SequenceEqual(_info)) return true;
        if (frame.Length < FrameLayout.ChannelTableAt) return false;
        int channels = frame[FrameLayout.InfoChannelsAt], nameLength = frame[FrameLayout.NameLengthAt];
        var rate = BinaryPrimitives.ReadUInt32BigEndian(frame[FrameLayout.RateAt..]);
        var table = channels * FrameLayout.ChannelEntry;
        if (channels is 0 or > ChannelLayout.MaxChannels || rate == 0 || nameLength > FrameLayout.MaxName
            || frame.Length != FrameLayout.ChannelTableAt + table + nameLength)
            return false;

        var names = ImmutableArray.CreateBuilder<string>(channels);
        var scales = ImmutableArray.CreateBuilder<double>(channels);
        for (var channel = 0; channel < channels; channel++)
        {
            var entry = frame.Slice(FrameLayout.ChannelTableAt + channel * FrameLayout.ChannelEntry, FrameLayout.ChannelEntry);
            var picovolts = BinaryPrimitives.ReadUInt32BigEndian(entry[1..]);
            if (picovolts == 0) return false;
            names.Add(LeadCodes.Name(entry[0], channel));
            scales.Add(picovolts / 1000.0);
        }

        _info = frame.ToArray();
        _format = new StreamFormat
        {
            Channels = new ChannelLayout(names.MoveToImmutable()),
            SampleRate = rate / 1000.0,
            NanovoltsPerCount = scales.MoveToImmutable(),
            DeviceId = BinaryPrimitives.ReadUInt16BigEndian(frame[FrameLayout.DeviceAt..]),
            StreamId = BinaryPrimitives.ReadUInt16BigEndian(frame[FrameLayout.StreamAt..]),
            DeviceName = Printable(Encoding.UTF8.GetString(frame[^nameLength..])),
        };
        sink.OnFormat(_format);
        return true;
    }

    private static string Printable(string name) => string.Concat(name.Where(c => !char.IsControl(c))).Trim();

    private void Intact()
    {
        _good++;
        _outage.Good();
    }

    private void Damaged()
    {
        _bad++;
        _outage.Bad();
    }

    private void Foreign(byte version, ushort device)
    {
        _foreign++;
        if (_foreignLogged) return;
        _foreignLogged = true;
        if (version != FrameLayout.Version)
            _log.LogWarning("{Name}: frames of version {Version} are ignored; this program knows version {Known}.", _name, version, FrameLayout.Version);
        else
            _log.LogWarning("{Name}: frames of device {Device} are ignored on the line of device {Known}.", _name, device, _format!.DeviceId);
    }
}
