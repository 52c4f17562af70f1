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
