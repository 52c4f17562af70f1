using EcgFm.Acquisition.Frames;

namespace EcgFm.Acquisition.Tests.Frames;

public class Crc16Tests
{
    [Fact]
    public void Check_values_are_those_of_the_catalogue()
    {
        Assert.Equal(0x29B1, Crc16.Ccitt("123456789"u8));
        Assert.Equal(0x4C06, Crc16.Cdma2000("123456789"u8));
        Assert.Equal(0x29B14C06u, Crc16.Pair("123456789"u8));
        Assert.Equal(0xFFFF, Crc16.Ccitt([]));
    }

    [Fact]
    public void Any_length_gives_what_one_bit_after_the_other_gives()
    {
        var bytes = new byte[600];
        new Random(4).NextBytes(bytes);
        for (var length = 0; length <= bytes.Length; length++)
            Assert.Equal(Bitwise(0x1021, length) << 16 | Bitwise(0xC867, length), Crc16.Pair(bytes.AsSpan(0, length)));

        uint Bitwise(uint polynomial, int length)
        {
            uint crc = 0xFFFF;
            foreach (var value in bytes.AsSpan(0, length))
                for (var bit = 7; bit >= 0; bit--)
                    crc = (crc << 1 ^ ((crc >> 15 ^ (uint)value >> bit & 1) != 0 ? polynomial : 0)) & 0xFFFF;
            return crc;
        }
    }

    [Fact]
    public void The_polynomials_have_no_common_factor()
    {
        uint a = 0x11021, b = 0x1C867;
        while (b != 0) (a, b) = (b, Remainder(a, b));
        Assert.Equal(1u, a);

        static uint Remainder(uint a, uint b)
        {
            for (var shift = 31; shift >= 0; shift--)
                if (uint.LeadingZeroCount(a) + shift == uint.LeadingZeroCount(b) && a != 0)
                    a ^= b << shift;
            return a;
        }
    }
}
