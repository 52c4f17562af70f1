using System.Buffers.Binary;
using EcgFm.Acquisition.Frames;

namespace EcgFm.Acquisition.Transports;

/// <summary>One record of a <see cref="RawRecording"/>: the bytes that arrived together, and when.</summary>
/// <remarks>
/// <c>E5 C9</c>, microseconds since the start (48 bits), length (16), bytes, check (32: both sums of <see cref="Crc16"/> over all from the time to the last byte);
/// most significant byte first. Each stands for itself: a damaged one costs its own bytes, and no time.
/// </remarks>
internal static class RawRecord
{
    /// <summary>What a record has beside the bytes.</summary>
    public const int Overhead = HeadLength + CheckLength;

    /// <summary>The most bytes in a record.</summary>
    public const int MostBytes = ushort.MaxValue;

    private const int HeadLength = 10, CheckLength = 4, MarkLength = 2;
    private const ushort Mark = 0xE5C9;

    /// <summary>How a record begins.</summary>
    public static ReadOnlySpan<byte> Beginning => [Mark >> 8, Mark & 0xFF];

    /// <summary>The length of the record that begins here, if one does.</summary>
    public static int LengthOf(ReadOnlySpan<byte> head) => Overhead + BinaryPrimitives.ReadUInt16BigEndian(head[(HeadLength - 2)..]);

    /// <summary>Writes a record.</summary>
    /// <returns>Its length.</returns>
    public static int Write(TimeSpan since, ReadOnlySpan<byte> bytes, Span<byte> target)
    {
        var microseconds = since.Ticks / TimeSpan.TicksPerMicrosecond;
        BinaryPrimitives.WriteUInt64BigEndian(target, (ulong)Mark << 48 | (ulong)microseconds & 0xFFFF_FFFF_FFFF);
        BinaryPrimitives.WriteUInt16BigEndian(target[(HeadLength - 2)..], (ushort)bytes.Length);
        bytes.CopyTo(target[HeadLength..]);
        var end = HeadLength + bytes.Length;
        BinaryPrimitives.WriteUInt32BigEndian(target[end..], Crc16.Pair(target[MarkLength..end]));
        return end + CheckLength;
    }

    /// <summary>Takes a whole record apart; false when it is damaged, or none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> record, out TimeSpan since, out Range bytes)
    {
        var end = record.Length - CheckLength;
        since = TimeSpan.FromMicroseconds((long)(BinaryPrimitives.ReadUInt64BigEndian(record) & 0xFFFF_FFFF_FFFF));
        bytes = HeadLength..end;
        return BinaryPrimitives.ReadUInt32BigEndian(record[end..]) == Crc16.Pair(record[MarkLength..end]);
    }
}
