using System.Buffers.Binary;
using System.Text;

namespace EcgFm.Acquisition.Frames;

/// <summary>Writes the project's own frame, version 1, as a device would: for the emulated front end (<c>emulate ecgfm</c>) and tests.</summary>
/// <remarks><c>device/frame/README.md</c> specifies the frame; <c>device/frame/ecgfm_frame.c</c> writes the same bytes.</remarks>
public sealed class FrameEncoder
{
    private readonly byte[] _frame = new byte[FrameLayout.MaxLength];

    /// <param name="format">What the samples are.</param>
    /// <exception cref="ArgumentException">The frame cannot express the format: the message says why.</exception>
    public FrameEncoder(StreamFormat format)
    {
        ArgumentNullException.ThrowIfNull(format);
        if (format.NanovoltsPerCount.Length != format.Channels.Count)
            throw new ArgumentException("Each channel needs a scale.", nameof(format));
        if (format.SampleRate is not (>= 0.001 and <= uint.MaxValue / 1000.0))
            throw new ArgumentException("The rate must be between 0.001 Hz and 4.29 MHz.", nameof(format));
        if (format.NanovoltsPerCount.Any(n => n is not (>= 0.001 and <= uint.MaxValue / 1000.0)))
            throw new ArgumentException("A count must stand for 1 pV to 4.29 mV.", nameof(format));
        if (Encoding.UTF8.GetByteCount(format.DeviceName) > FrameLayout.MaxName)
            throw new ArgumentException($"The device's name is longer than {FrameLayout.MaxName} bytes.", nameof(format));
        Format = format;
        MaxInstants = Math.Min(byte.MaxValue, (FrameLayout.MaxLength - FrameLayout.SamplesAt - FrameLayout.CrcLength) / (3 * format.Channels.Count));
    }

    /// <summary>The bytes that any frame fits into, with its delimiter.</summary>
    public static int MaxFrameLength => FrameLayout.MaxEncoded + 1;

    /// <summary>What the samples are.</summary>
    public StreamFormat Format { get; }

    /// <summary>The most sampling instants that fit into one frame.</summary>
    public int MaxInstants { get; }

    /// <summary>Writes the info frame.</summary>
    /// <returns>How many bytes were written, with the delimiter.</returns>
    public int WriteInfo(Span<byte> destination)
    {
        Header(FrameLayout.InfoType);
        BinaryPrimitives.WriteUInt32BigEndian(_frame.AsSpan(FrameLayout.RateAt), (uint)Math.Round(Format.SampleRate * 1000));
        _frame[FrameLayout.InfoChannelsAt] = (byte)Format.Channels.Count;
        var at = FrameLayout.ChannelTableAt;
        for (var channel = 0; channel < Format.Channels.Count; channel++, at += FrameLayout.ChannelEntry)
        {
            _frame[at] = LeadCodes.Of(Format.Channels.Names[channel]);
            BinaryPrimitives.WriteUInt32BigEndian(_frame.AsSpan(at + 1), (uint)Math.Round(Format.NanovoltsPerCount[channel] * 1000));
        }

        var name = Encoding.UTF8.GetBytes(Format.DeviceName, _frame.AsSpan(at));
        _frame[FrameLayout.NameLengthAt] = (byte)name;
        return Finish(at + name, destination);
    }

    /// <summary>Writes a frame of samples.</summary>
    /// <param name="frame">The samples; its <see cref="SampleFrame.Channels"/> must be the format's. A count beyond 24 bits becomes the nearest that fits.</param>
    /// <param name="destination">Room for <see cref="MaxFrameLength"/> bytes.</param>
    /// <returns>How many bytes were written, with the delimiter.</returns>
    /// <exception cref="ArgumentException">The samples are not whole instants, none, more than <see cref="MaxInstants"/>, or of another number of channels.</exception>
    public int WriteSamples(in SampleFrame frame, Span<byte> destination)
    {
        var values = frame.Values;
        if (frame.Channels != Format.Channels.Count || values.IsEmpty || values.Length % frame.Channels != 0 || frame.Instants > MaxInstants)
            throw new ArgumentException($"A frame has 1 to {MaxInstants} instants of {Format.Channels.Count} channels.", nameof(frame));

        Header(FrameLayout.SamplesType);
        BinaryPrimitives.WriteUInt32BigEndian(_frame.AsSpan(FrameLayout.CounterAt), frame.Counter);
        BinaryPrimitives.WriteUInt32BigEndian(_frame.AsSpan(FrameLayout.MicrosecondsAt), frame.DeviceMicroseconds ?? 0);
        BinaryPrimitives.WriteUInt32BigEndian(_frame.AsSpan(FrameLayout.LeadOffAt), frame.LeadOff);
        _frame[FrameLayout.ChannelsAt] = (byte)frame.Channels;
        _frame[FrameLayout.InstantsAt] = (byte)frame.Instants;
        var at = FrameLayout.SamplesAt;
        foreach (var value in values)
        {
            var sample = Math.Clamp(value, FrameLayout.MinSample, FrameLayout.MaxSample);
            _frame[at] = (byte)(sample >> 16);
            _frame[at + 1] = (byte)(sample >> 8);
            _frame[at + 2] = (byte)sample;
            at += 3;
        }

        return Finish(at, destination);
    }

    private void Header(byte type)
    {
        _frame[FrameLayout.VersionAt] = FrameLayout.Version;
        _frame[FrameLayout.TypeAt] = type;
        BinaryPrimitives.WriteUInt16BigEndian(_frame.AsSpan(FrameLayout.DeviceAt), Format.DeviceId);
        BinaryPrimitives.WriteUInt16BigEndian(_frame.AsSpan(FrameLayout.StreamAt), Format.StreamId);
    }

    private int Finish(int length, Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_frame.AsSpan(length), Crc16.Pair(_frame.AsSpan(0, length)));
        var written = Cobs.Encode(_frame.AsSpan(0, length + FrameLayout.CrcLength), destination);
        destination[written] = 0;
        return written + 1;
    }
}
