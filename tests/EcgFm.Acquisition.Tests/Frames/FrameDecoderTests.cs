using EcgFm.Acquisition.Frames;
using FsCheck.Xunit;

namespace EcgFm.Acquisition.Tests.Frames;

public class FrameDecoderTests
{
    private readonly FrameEncoder _encoder = new(FrameSamples.Format());
    private readonly CheckingSink _sink = new();
    private readonly FrameDecoder _decoder = new();

    [Fact]
    public void The_info_frame_says_what_the_samples_are()
    {
        var format = FrameSamples.Format(["I", "aVR", "V6", "breath"], rate: 250.5, name: "front end 1.2 µV");

        _decoder.Decode(FrameSamples.Info(new FrameEncoder(format)), _sink);

        var got = Assert.Single(_sink.Formats);
        Assert.Equal<string>(["I", "aVR", "V6", "ECG4"], got.Channels.Names);
        Assert.Equal(250.5, got.SampleRate);
        Assert.Equal<double>([47.684, 47.684, 47.684, 47.684], got.NanovoltsPerCount);
        Assert.Equal((7, 0x1234, "front end 1.2 µV"), (got.DeviceId, got.StreamId, got.DeviceName));
    }

    [Fact]
    public void The_same_info_again_is_no_news()
    {
        _decoder.Decode(FrameSamples.Line(_encoder, 10, 10, infoEvery: 2).Joined(), _sink);

        _ = Assert.Single(_sink.Formats);
        Assert.Equal(10, _sink.Frames.Count);
        Assert.Equal(new FrameCounts(15, 0, 0, 0), _decoder.Counts);
    }

    [Property(MaxTest = 200)]
    public void Any_cutting_of_the_bytes_gives_the_same_frames(int seed)
    {
        var random = new Random(seed);
        var (decoder, sink) = (new FrameDecoder(), new CheckingSink());
        var line = FrameSamples.Line(_encoder, 40, 10, counter: uint.MaxValue - 150, infoEvery: 7).Joined();

        for (var at = 0; at < line.Length;)
        {
            var piece = Math.Min(random.Next(4) == 0 ? random.Next(1500) : random.Next(1, 8), line.Length - at);
            decoder.Decode(line.AsSpan(at, piece), sink);
            at += piece;
        }

        Assert.Equal(Enumerable.Range(0, 40).Select(i => (uint.MaxValue - 150 + (uint)(10 * i), 10)), sink.Frames);
        Assert.Equal(0, decoder.Counts.Bad);
    }

    [Property(MaxTest = 200)]
    public void A_receiver_that_joins_anywhere_reads_on_from_the_next_info_frame(int seed)
    {
        var (decoder, sink) = (new FrameDecoder(), new CheckingSink());
        var line = FrameSamples.Line(_encoder, 60, 10, infoEvery: 20);
        var from = new Random(seed).Next(line.Take(40).Sum(f => f.Length));

        decoder.Decode(line.Joined().AsSpan(from), sink);

        int start = 0, info = 0;
        for (; start < from || !IsInfo(line[info]); info++) start += line[info].Length;
        var expected = line.Skip(info).Count(f => !IsInfo(f));
        Assert.Equal(Enumerable.Range(60 - expected, expected).Select(i => ((uint)(10 * i), 10)), sink.Frames);
        Assert.Equal(0, decoder.Counts.Bad);

        static bool IsInfo(byte[] frame) => frame.Length < 100;
    }

    [Fact]
    public void Samples_of_an_unannounced_stream_are_not_guessed_at()
    {
        var restarted = new FrameEncoder(FrameSamples.Format(stream: 0x1235, nanovolts: 100));

        _decoder.Decode(FrameSamples.Line(_encoder, 3, 10).Joined(), _sink);
        _decoder.Decode(FrameSamples.Samples(restarted, 0, 10), _sink);
        _decoder.Decode(FrameSamples.Info(restarted), _sink);
        _decoder.Decode(FrameSamples.Samples(restarted, 10, 10), _sink);

        Assert.Equal([(0u, 10), (10u, 10), (20u, 10), (10u, 10)], _sink.Frames);
        Assert.Equal([0x1234, 0x1235], _sink.Formats.Select(f => f.StreamId));
        Assert.Equal(1, _decoder.Counts.Unannounced);
    }

    [Fact]
    public void Another_device_on_the_line_is_ignored()
    {
        var other = new FrameEncoder(FrameSamples.Format(device: 8));

        _decoder.Decode(FrameSamples.Line(_encoder, 2, 10).Joined(), _sink);
        _decoder.Decode(FrameSamples.Line(other, 2, 10, counter: 500).Joined(), _sink);
        _decoder.Decode(FrameSamples.Samples(_encoder, 20, 10), _sink);

        Assert.Equal([(0u, 10), (10u, 10), (20u, 10)], _sink.Frames);
        Assert.Equal(3, _decoder.Counts.Foreign);
    }

    [Fact]
    public void Other_versions_and_types_are_ignored_and_counted_apart()
    {
        var log = new ListLogger();
        var decoder = new FrameDecoder("port", log);

        decoder.Decode(Sealed(2, 1, 0, 7, 0, 1, 9, 9), _sink);
        decoder.Decode(Sealed(2, 1, 0, 7, 0, 1, 9, 9), _sink);
        decoder.Decode(Sealed(1, 77, 0, 7, 0, 1, 9, 9), _sink);

        Assert.Equal(new FrameCounts(0, 0, 3, 0), decoder.Counts);
        Assert.Contains("version 2", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Fields_that_contradict_each_other_are_refused_though_the_checksums_are_right()
    {
        _decoder.Decode(FrameSamples.Info(_encoder), _sink);
        byte[][] contradictions =
        [
            [1, 1, 0, 7, 0, 1, 0, 7],                                            // info, cut short
            [1, 1, 0, 7, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1],                 // rate 0
            [1, 1, 0, 7, 0, 1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0],                 // scale 0
            [1, 1, 0, 7, 0, 1, 0, 0, 1, 0, 0, 0],                                // no channel
            [1, 1, 0, 7, 0, 1, 0, 0, 1, 0, 1, 1, 1, 0, 0, 0, 1],                 // a name that is not there
            [1, 2, 0, 7, 0x12, 0x34, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1],    // no channel
            [1, 2, 0, 7, 0x12, 0x34, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 1, 1, 1],    // an instant less
            [1, 2, 0, 7, 0x12, 0x34, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0],             // no instant
        ];

        foreach (var frame in contradictions) _decoder.Decode(Sealed(frame), _sink);

        Assert.Equal(new FrameCounts(1, contradictions.Length, 0, 0), _decoder.Counts);
        Assert.Empty(_sink.Frames);
        _ = Assert.Single(_sink.Formats);
    }

    [Fact]
    public void Every_single_damaged_byte_is_found()
    {
        var line = FrameSamples.Line(_encoder, 1, 4).Joined();
        var first = FrameSamples.Info(_encoder).Length;

        for (var at = first; at < line.Length - 1; at++)
            for (var flip = 1; flip < 256; flip++)
            {
                var damaged = line.ToArray();
                damaged[at] ^= (byte)flip;
                var sink = new CheckingSink();
                new FrameDecoder().Decode(damaged, sink);
                Assert.Empty(sink.Frames);
            }
    }

    [Fact]
    public void An_outage_gives_one_line_of_log()
    {
        var log = new ListLogger();
        var decoder = new FrameDecoder("port", log);
        var line = FrameSamples.Line(_encoder, 400, 10);

        for (var i = 0; i < line.Count; i++)
        {
            if (i is > 20 and < 60 && i % 3 != 0 || i == 300) line[i][5] ^= 1;
            decoder.Decode(line[i], _sink);
        }

        Assert.Equal(2, log.Lines.Count);
        Assert.All(log.Lines, l => Assert.StartsWith("port: damaged frames", l, StringComparison.Ordinal));
    }

    [Fact]
    public void Bytes_without_end_are_thrown_away_and_the_next_frame_is_read()
    {
        _decoder.Decode(FrameSamples.Info(_encoder), _sink);
        var noise = new byte[100_000];
        Array.Fill(noise, (byte)0x55);

        _decoder.Decode(noise, _sink);
        _decoder.Decode([0], _sink);
        _decoder.Decode(FrameSamples.Samples(_encoder, 10, 10), _sink);

        Assert.Equal([(10u, 10)], _sink.Frames);
        Assert.Equal(1, _decoder.Counts.Bad);
    }

    [Fact]
    public void Frames_of_samples_are_decoded_without_allocating()
    {
        var line = FrameSamples.Line(_encoder, 200, 10).Joined();
        var sink = new SummingSink();
        Feed();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 20; i++) Feed();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(sink.Instants > 40_000);
        Assert.Equal(0, allocated);

        void Feed()
        {
            for (var at = 0; at < line.Length; at += 64) _decoder.Decode(line.AsSpan(at, Math.Min(64, line.Length - at)), sink);
        }
    }

    private static byte[] Sealed(params byte[] frame)
    {
        var crc = Crc16.Pair(frame);
        byte[] whole = [.. frame, (byte)(crc >> 24), (byte)(crc >> 16), (byte)(crc >> 8), (byte)crc];
        var buffer = new byte[FrameEncoder.MaxFrameLength];
        return [.. buffer[..Cobs.Encode(whole, buffer)], 0];
    }

    private sealed class SummingSink : IFrameSink
    {
        public long Instants { get; private set; }

        public void OnFormat(StreamFormat format)
        {
        }

        public void OnSamples(in SampleFrame frame) => Instants += frame.Instants;
    }
}
