namespace EcgFm.Acquisition.Frames;

/// <summary>The two checksums of the project's frame, most significant bit first.</summary>
/// <remarks>
/// Names, parameters and check values as in Greg Cook's catalogue of parametrised CRC algorithms. Both start at 0xFFFF, neither reflects nor
/// inverts. Their polynomials have no common factor, so that both together find what one 32-bit CRC (their product) finds.
/// </remarks>
public static class Crc16
{
    private static readonly uint[] Both = Table();

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
        var both = Both;
        foreach (var value in bytes)
        {
            ccitt = (ccitt << 8 ^ both[(byte)(ccitt >> 8) ^ value] >> 16) & 0xFFFF;
            cdma = (cdma << 8 ^ both[(byte)(cdma >> 8) ^ value]) & 0xFFFF;
        }

        return ccitt << 16 | cdma;
    }

    private static uint[] Table()
    {
        var table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint ccitt = i << 8, cdma = i << 8;
            for (var bit = 0; bit < 8; bit++)
            {
                ccitt = ccitt << 1 ^ ((ccitt & 0x8000) != 0 ? 0x1021u : 0);
                cdma = cdma << 1 ^ ((cdma & 0x8000) != 0 ? 0xC867u : 0);
            }

            table[i] = ccitt << 16 | cdma & 0xFFFF;
        }

        return table;
    }
}
