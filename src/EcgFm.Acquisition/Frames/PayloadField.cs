namespace EcgFm.Acquisition.Frames;

/// <summary>One channel in the payload of a frame.</summary>
/// <param name="At">The first byte, from the payload's beginning.</param>
/// <param name="Bytes">How many bytes, 2 to 4.</param>
/// <param name="LittleEndian">Whether the least significant byte comes first.</param>
/// <param name="Bits">How many of the bits, from the least significant, are the converter's code.</param>
/// <param name="OffsetBinary">Whether the code counts from the most negative value up, instead of being a two's complement.</param>
public readonly record struct PayloadField(int At, int Bytes, bool LittleEndian, int Bits, bool OffsetBinary)
{
    /// <summary>The count that the bytes stand for.</summary>
    public int Read(ReadOnlySpan<byte> payload)
    {
        uint raw = 0;
        for (var i = 0; i < Bytes; i++) raw = raw << 8 | payload[At + (LittleEndian ? Bytes - 1 - i : i)];
        var unused = 32 - Bits;
        raw <<= unused;
        if (OffsetBinary) raw ^= 0x8000_0000;
        return (int)raw >> unused;
    }
}
