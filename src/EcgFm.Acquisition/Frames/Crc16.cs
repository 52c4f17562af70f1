namespace EcgFm.Acquisition.Frames;

/// <summary>The two checksums of the project's frame, most significant bit first.</summary>
/// <remarks>
/// Names, parameters and check values as in Greg Cook's catalogue of parametrised CRC algorithms. Both start at 0xFFFF, neither reflects nor
/// inverts. Their polynomials have no common factor, so that both together find what one 32-bit CRC (their product) finds.
/// </remarks>
public static class Crc16
{
    /// <summary>Both checksums of each byte followed by 0 to 7 zero bytes, 256 entries each: eight bytes are taken in one step.</summary>
    private static readonly uint[] Tables = Build();

    /// <summary>
    /// CRC-16/CCITT, which the catalogue calls CRC-16/IBM-3740: polynomial 0x1021. The check value, of the ASCII digits "123456789", is 0x29B1.
    /// </summary>
    public static ushort Ccitt(ReadOnlySpan<byte> bytes) => (ushort)(Pair(bytes) >> 16);

    /// <summary>CRC-16/CDMA2000: polynomial 0xC867. The check value, of the ASCII digits "123456789", is 0x4C06.</summary>
    public static ushort Cdma2000(ReadOnlySpan<byte> bytes) => (ushort)Pair(bytes);

    /// <summary>Both in one pass: <see cref="Ccitt"/> in the upper half, <see cref="Cdma2000"/> in the lower.</summary>
    public static uint Pair(ReadOnlySpan<byte> bytes)
    {
        uint ccitt = 0xFFFF, cdma = 0xFFFF;
        var tables = Tables.AsSpan(0, 8 * 256);
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            // Only the first two bytes meet the sums so far; what the other six add is the same look-up for both.
            var six = tables[5 * 256 + bytes[2]] ^ tables[4 * 256 + bytes[3]] ^ tables[3 * 256 + bytes[4]]
                ^ tables[2 * 256 + bytes[5]] ^ tables[256 + bytes[6]] ^ tables[bytes[7]];
            ccitt = (tables[7 * 256 + (int)(bytes[0] ^ ccitt >> 8)] ^ tables[6 * 256 + (int)(bytes[1] ^ ccitt & 0xFF)] ^ six) >> 16;
            cdma = (tables[7 * 256 + (int)(bytes[0] ^ cdma >> 8)] ^ tables[6 * 256 + (int)(bytes[1] ^ cdma & 0xFF)] ^ six) & 0xFFFF;
        }

        foreach (var value in bytes)
        {
            ccitt = (ccitt << 8 ^ tables[(byte)(ccitt >> 8) ^ value] >> 16) & 0xFFFF;
            cdma = (cdma << 8 ^ tables[(byte)(cdma >> 8) ^ value]) & 0xFFFF;
        }

        return ccitt << 16 | cdma;
    }

    private static uint[] Build()
    {
        var tables = new uint[8 * 256];
        for (uint value = 0; value < 256; value++)
        {
            uint ccitt = value << 8, cdma = value << 8;
            for (var zeros = 0; zeros < 8; zeros++)
            {
                for (var bit = 0; bit < 8; bit++)
                {
                    ccitt = (ccitt << 1 ^ ((ccitt & 0x8000) != 0 ? 0x1021u : 0)) & 0xFFFF;
                    cdma = (cdma << 1 ^ ((cdma & 0x8000) != 0 ? 0xC867u : 0)) & 0xFFFF;
                }

                tables[zeros * 256 + (int)value] = ccitt << 16 | cdma;
            }
        }

        return tables;
    }
}
