using EcgFm.Acquisition.Frames;
using EcgFm.Core;

namespace EcgFm.Acquisition.Tests.Frames;

/// <summary>Frames whose every sample follows from its counter and channel, so that a wrong one cannot pass unseen.</summary>
internal static class FrameSamples
{
    public static StreamFormat Format(
        string[]? leads = null, double rate = 500, ushort device = 7, ushort stream = 0x1234, double nanovolts = 47.684, string name = "test")
    {
        leads ??= ["I", "II", "V1", "V2", "V3", "V4", "V5", "V6"];
        return new StreamFormat
        {
            Channels = new ChannelLayout([.. leads]),
            SampleRate = rate,
            NanovoltsPerCount = [.. leads.Select(_ => nanovolts)],
            DeviceId = device,
            StreamId = stream,
            DeviceName = name,
        };
    }

    /// <summary>A count that follows from its place, spread over all 24 bits.</summary>
    public static int Value(uint counter, int channel)
    {
        var hash = (counter + 1) * 2654435761u ^ (uint)(channel + 1) * 40503u * 65537u;
        hash ^= hash >> 15;
        hash *= 2246822519u;
        return (int)hash >> 8;
    }

    public static uint Microseconds(uint counter) => counter * 2000;

    public static uint LeadOff(uint counter) => counter / 1000 % 4;

    public static byte[] Info(FrameEncoder encoder)
    {
        var buffer = new byte[FrameEncoder.MaxFrameLength];
        return buffer[..encoder.WriteInfo(buffer)];
    }

    public static byte[] Samples(FrameEncoder encoder, uint counter, int instants)
    {
        var channels = encoder.Format.Channels.Count;
        var values = new int[instants * channels];
        for (var i = 0; i < values.Length; i++) values[i] = Value(counter + (uint)(i / channels), i % channels);
        var buffer = new byte[FrameEncoder.MaxFrameLength];
        var frame = new SampleFrame
        {
            Counter = counter,
            DeviceMicroseconds = Microseconds(counter),
            LeadOff = LeadOff(counter),
            Channels = channels,
            Values = values,
        };
        return buffer[..encoder.WriteSamples(frame, buffer)];
    }

    /// <summary>Info, then frames of samples, with an info frame among them every <paramref name="infoEvery"/> frames.</summary>
    public static List<byte[]> Line(FrameEncoder encoder, int frames, int instants, uint counter = 0, int infoEvery = 50)
    {
        var line = new List<byte[]>();
        for (var i = 0; i < frames; i++, counter += (uint)instants)
        {
            if (i % infoEvery == 0) line.Add(Info(encoder));
            line.Add(Samples(encoder, counter, instants));
        }

        return line;
    }

    public static byte[] Joined(this IEnumerable<byte[]> frames) => [.. frames.SelectMany(f => f)];
}
