using EcgFm.Acquisition.Frames;
using FsCheck.Xunit;

namespace EcgFm.Acquisition.Tests.Frames;

public class CobsTests
{
    /// <summary>The examples of the Wikipedia article on COBS, which follow Cheshire and Baker 1999.</summary>
    public static TheoryData<byte[], byte[]> Vectors => new()
    {
        { [0x00], [0x01, 0x01] },
        { [0x00, 0x00], [0x01, 0x01, 0x01] },
        { [0x00, 0x11, 0x00], [0x01, 0x02, 0x11, 0x01] },
        { [0x11, 0x22, 0x00, 0x33], [0x03, 0x11, 0x22, 0x02, 0x33] },
        { [0x11, 0x22, 0x33, 0x44], [0x05, 0x11, 0x22, 0x33, 0x44] },
        { [0x11, 0x00, 0x00, 0x00], [0x02, 0x11, 0x01, 0x01, 0x01] },
        { Range(0x01, 254), [0xFF, .. Range(0x01, 254)] },
        { [0x00, .. Range(0x01, 254)], [0x01, 0xFF, .. Range(0x01, 254)] },
        { Range(0x01, 255), [0xFF, .. Range(0x01, 254), 0x02, 0xFF] },
        { [.. Range(0x02, 254), 0x00], [0xFF, .. Range(0x02, 254), 0x01, 0x01] },
        { [.. Range(0x03, 253), 0x00, 0x01], [0xFE, .. Range(0x03, 253), 0x02, 0x01] },
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Published_vectors_come_out_both_ways(byte[] plain, byte[] encoded)
    {
        Assert.Equal(encoded, Encode(plain));
        Assert.Equal(plain, Decode(encoded));
    }

    [Property(MaxTest = 500)]
    public void Decoding_undoes_encoding_and_no_zero_is_left(int seed)
    {
        var random = new Random(seed);
        var plain = new byte[random.Next(0, 1500)];
        random.NextBytes(plain);
        if (seed % 2 == 0)
            for (var i = 0; i < plain.Length; i++)
                plain[i] = random.Next(300) == 0 ? (byte)0 : (byte)(plain[i] | 1);

        var encoded = Encode(plain);

        Assert.DoesNotContain((byte)0, encoded);
        Assert.Equal(plain, Decode(encoded));
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 0x03, 0x11 })]
    [InlineData(new byte[] { 0x02, 0x00 })]
    [InlineData(new byte[] { 0xFF, 0x01, 0x02 })]
    public void What_is_no_COBS_is_refused(byte[] encoded) =>
        Assert.False(Cobs.TryDecode(encoded, new byte[300], out _));

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Assert.False(Cobs.TryDecode([0x01, 0x01, 0x01], new byte[1], out _));
        Assert.False(Cobs.TryDecode([0x03, 0x01, 0x01], new byte[1], out _));
        Assert.Throws<ArgumentException>(() => Cobs.Encode([1, 2], new byte[2]));
    }

    private static byte[] Range(int from, int count) => [.. Enumerable.Range(from, count).Select(i => (byte)i)];

    private static byte[] Encode(byte[] plain)
    {
        var buffer = new byte[Cobs.MaxEncodedLength(plain.Length)];
        return buffer[..Cobs.Encode(plain, buffer)];
    }

    private static byte[] Decode(byte[] encoded)
    {
        var buffer = new byte[encoded.Length];
        Assert.True(Cobs.TryDecode(encoded, buffer, out var written));
        return buffer[..written];
    }
}
