using EcgFm.Acquisition.Frames;

namespace EcgFm.Acquisition.Tests.Frames;

/// <summary>One byte in a hundred flipped, dropped or doubled, a million frames.</summary>
public class DamagedLineTests
{
    private const int Instants = 4;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void No_wrong_sample_is_accepted_and_no_intact_frame_is_lost(int seed)
    {
        const int Frames = 250_000;
        var random = new Random(seed);
        var encoder = new FrameEncoder(FrameSamples.Format(["I", "II", "V1"]));
        var decoder = new FrameDecoder();
        var sink = new CheckingSink();
        decoder.Decode(FrameSamples.Info(encoder), sink);

        var mustArrive = new List<uint>();
        var mayArrive = 0;
        var delimiterIntact = true;
        var piece = new List<byte>();
        for (var i = 0; i < Frames; i++)
        {
            var counter = (uint)(i * Instants);
            var frame = FrameSamples.Samples(encoder, counter, Instants);
            var damaged = false;
            for (var at = 0; at < frame.Length; at++)
            {
                var delimiter = at == frame.Length - 1;
                var harm = random.Next(100) == 0 ? random.Next(3) : -1;
                if (harm >= 0 && !delimiter) damaged = true;
                if (harm == 0) piece.Add((byte)(frame[at] ^ 1 << random.Next(8)));
                if (harm is 2 or -1) piece.Add(frame[at]);
                if (harm == 2) piece.Add(frame[at]);

                // A doubled delimiter is harmless: it is only one more.
                if (!delimiter) continue;
                var ends = harm is -1 or 2;
                if (delimiterIntact && !damaged && ends) mustArrive.Add(counter);
                if (!damaged) mayArrive++;
                delimiterIntact = ends;
            }

            if (piece.Count < 777) continue;
            decoder.Decode(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(piece), sink);
            piece.Clear();
        }

        decoder.Decode([.. piece, 0], sink);

        var arrived = sink.Frames.Select(f => f.Counter).ToHashSet();
        Assert.Equal(arrived.Count, sink.Frames.Count);
        Assert.DoesNotContain(mustArrive, counter => !arrived.Contains(counter));
        Assert.InRange(arrived.Count, mustArrive.Count, mayArrive);
        Assert.InRange(arrived.Count, Frames / 4, Frames);
        Assert.True(decoder.Counts.Bad > Frames / 4);
    }
}
