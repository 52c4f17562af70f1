using EcgFm.Acquisition.Frames;
using EcgFm.Testing.Bluetooth;
using FsCheck.Xunit;

namespace EcgFm.Acquisition.Tests.Frames;

public class PmdDecoderTests
{
    private readonly Sink _sink = new();
    private readonly PmdDecoder _decoder = new();

    /// <summary>From the tests of Polar's own SDK: −32766 and 32770 µV at 2 000 000 000 ns.</summary>
    [Fact]
    public void The_published_packet_decodes_as_published()
    {
        _decoder.Decode(Line(Convert.FromHexString("00009435770000000000" + "0280FF" + "028000")), _sink);

        Assert.Equal([(0, -32766), (1, 32770)], _sink.Samples);
        Assert.Equal(new FrameCounts(1, 0, 0, 0), _decoder.Counts);
    }

    [Property(MaxTest = 50)]
    public void However_the_bytes_are_cut_every_sample_comes(int seed)
    {
        var random = new Random(seed);
        var (decoder, sink) = (new PmdDecoder(), new Sink());
        var h10 = new EmulatedH10();
        var bytes = Enumerable.Range(0, 20).SelectMany(_ => Line(h10.Packet(random.Next(1, 120)))).ToArray();
        for (var at = 0; at < bytes.Length;)
        {
            var length = Math.Min(random.Next(1, 400), bytes.Length - at);
            decoder.Decode(bytes.AsSpan(at, length), sink);
            at += length;
        }

        Assert.Equal(Enumerable.Range(0, (int)h10.Next).Select(i => (i, h10.Source(i))), sink.Samples);
    }

    [Property(MaxTest = 50)]
    public void Lost_packets_are_counted_exactly_though_the_sensors_crystal_is_off(int seed)
    {
        var random = new Random(seed);
        var (decoder, sink) = (new PmdDecoder(), new Sink());
        // Nanoseconds a second: the sensor's clock runs by up to 300 ppm beside its samples.
        var stretch = 1 + (random.NextDouble() - 0.5) * 600e-6;
        var h10 = new EmulatedH10 { Epoch = 0 };
        var expected = new List<(int, int)>();
        for (var i = 0; i < 400; i++)
        {
            var first = h10.Next;
            var packet = h10.Packet();
            System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(packet.AsSpan(1), (ulong)((h10.Next - 1) * 1e9 / EmulatedH10.Rate * stretch));
            if (i > 0 && random.Next(5) == 0) continue;
            decoder.Decode(Line(packet), sink);
            expected.AddRange(Enumerable.Range((int)first, EmulatedH10.SamplesPerPacket).Select(n => (n, h10.Source(n))));
        }

        Assert.Equal(expected, sink.Samples);
    }

    [Fact]
    public void A_clock_that_falls_back_to_2019_loses_nothing()
    {
        var h10 = new EmulatedH10();
        _decoder.Decode(Line(h10.Packet()), _sink);
        h10.Epoch = 600_000_000_000_000_000;
        _decoder.Decode(Line(h10.Packet()), _sink);
        h10.Epoch = 845_000_000_000_000_000;
        _decoder.Decode(Line(h10.Packet()), _sink);

        Assert.Equal(Enumerable.Range(0, 3 * EmulatedH10.SamplesPerPacket), _sink.Samples.Select(sample => sample.Counter));
    }

    [Fact]
    public void A_line_that_does_not_move_or_lies_at_the_end_is_an_electrode_off()
    {
        foreach (var (source, off) in new (Func<long, int>, bool)[]
        {
            (i => (int)(i % 3) * 10 - 10, true),
            (i => 25_000 + (int)(i % 100), true),
            // A strap that is worn: noise of 30 µV, and at 40 beats a minute a line that is quiet for more than a second.
            (i => (int)(i * 7919 % 30) - 15, false),
            (i => i % 195 < 4 ? 800 : (int)(i % 2), false),
        })
        {
            var (decoder, sink, h10) = (new PmdDecoder(), new Sink(), new EmulatedH10 { Source = source });
            for (var i = 0; i < 20; i++) decoder.Decode(Line(h10.Packet()), sink);
            Assert.Equal(off, sink.LeadOff);
        }
    }

    [Fact]
    public void Other_measurements_and_compressed_samples_are_foreign()
    {
        var packet = new EmulatedH10().Packet();
        packet[0] = 2;
        _decoder.Decode(Line(packet), _sink);
        packet[0] = 0;
        packet[9] = 0x80;
        _decoder.Decode(Line(packet), _sink);

        Assert.Equal(new FrameCounts(0, 0, 2, 0), _decoder.Counts);
        Assert.Empty(_sink.Samples);
    }

    [Property(MaxTest = 200)]
    public void Garbage_is_survived(byte[] garbage)
    {
        var decoder = new PmdDecoder();
        decoder.Decode(garbage, _sink);
        decoder.Decode(garbage, _sink);
    }

    private static byte[] Line(byte[] packet) => [(byte)packet.Length, (byte)(packet.Length >> 8), .. packet];

    private sealed class Sink : IFrameSink
    {
        public List<(int Counter, int Microvolts)> Samples { get; } = [];

        public bool LeadOff { get; private set; }

        public void OnFormat(StreamFormat format) => Assert.Fail("The packets say nothing of themselves.");

        public void OnSamples(in SampleFrame frame)
        {
            LeadOff = frame.LeadOff != 0;
            for (var i = 0; i < frame.Instants; i++) Samples.Add(((int)frame.Counter + i, frame.Values[i]));
        }
    }
}
