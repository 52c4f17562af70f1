using EcgFm.Acquisition.Frames;
using FsCheck.Xunit;

namespace EcgFm.Acquisition.Tests.Frames;

public class CytonDecoderTests
{
    /// <summary>Written out by hand after OpenBCI's "Cyton Data Format".</summary>
    private static readonly byte[] ByHand =
    [
        0xA0, 5,
        0x00, 0x00, 0x01, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0x80, 0x00, 0x00,
        0x00, 0x01, 0x00, 0x01, 0x00, 0x00, 0xFF, 0x00, 0x00, 0x00, 0x00, 0x00,
        0, 0, 0, 0, 0, 0,
        0xC0,
    ];

    private static byte[] Packet(int counter, byte footer = 0xC0, uint milliseconds = 0)
    {
        var packet = (byte[])ByHand.Clone();
        packet[1] = (byte)counter;
        for (var i = 0; i < 4; i++) packet[28 + i] = (byte)(milliseconds >> (24 - 8 * i));
        packet[^1] = footer;
        return packet;
    }

    [Fact]
    public void A_packet_written_by_hand_is_read()
    {
        var (decoder, sink) = (new CytonDecoder(), new FrameList());

        decoder.Decode([.. ByHand, .. Packet(6, 0xC4, 0x01020304)], sink);
        decoder.Decode([0xA0], sink);

        Assert.Equal([1, -1, 8388607, -8388608, 256, 65536, -65536, 0], sink.Frames[0].Values);
        Assert.Equal((5u, null), (sink.Frames[0].Counter, sink.Frames[0].Microseconds));
        Assert.Equal((6u, unchecked(0x01020304u * 1000)), (sink.Frames[1].Counter, sink.Frames[1].Microseconds));
        Assert.Equal(new FrameCounts(2, 0, 0, 0), decoder.Counts);
    }

    [Fact]
    public void With_a_daisy_two_packets_are_one_instant_and_a_half_one_is_none()
    {
        var (decoder, sink) = (new CytonDecoder(daisy: true), new FrameList());

        // Joined at the second half; then whole ones, over the turn of the counter; then a half that has lost its other.
        decoder.Decode([.. Packet(252), .. Packet(253), .. Packet(254), .. Packet(255), .. Packet(0), .. Packet(1), .. Packet(3), .. Packet(4), 0xA0], sink);

        Assert.Equal([126u, 127u, 1u], sink.Frames.Select(f => f.Counter));
        Assert.All(sink.Frames, f => Assert.Equal(16, f.Values.Length));
    }

    [Property(MaxTest = 200)]
    public void However_the_bytes_are_cut_the_frames_are_the_same(int seed)
    {
        var random = new Random(seed);
        var line = new List<byte>();
        for (var i = 0; i < 40; i++)
        {
            line.AddRange(Packet(i));
            if (random.Next(6) == 0) line.RemoveAt(line.Count - 1 - random.Next(30));
        }

        var (whole, cut) = (new FrameList(), new FrameList());
        var (first, second) = (new CytonDecoder(), new CytonDecoder());
        first.Decode([.. line], whole);
        for (var at = 0; at < line.Count;)
        {
            var length = Math.Min(random.Next(1, 90), line.Count - at);
            second.Decode([.. line[at..(at + length)]], cut);
            at += length;
        }

        Assert.Equal(whole.Frames.Select(f => f.Counter), cut.Frames.Select(f => f.Counter));
        Assert.Equal(first.Counts, second.Counts);
        Assert.True(whole.Frames.Count > 10);
    }
}
