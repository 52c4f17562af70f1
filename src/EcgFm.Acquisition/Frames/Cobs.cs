namespace EcgFm.Acquisition.Frames;

/// <summary>
/// Consistent Overhead Byte Stuffing (S. Cheshire, M. Baker, "Consistent Overhead Byte Stuffing", IEEE/ACM Transactions on Networking 7(2), 1999):
/// writes any bytes without the byte 0, which then can stand between frames.
/// </summary>
public static class Cobs
{
    /// <summary>The most bytes that so many bytes can become: one more, and one more for each whole 254.</summary>
    public static int MaxEncodedLength(int length) => length + 1 + length / 254;

    /// <summary>Encodes the bytes, without a delimiter.</summary>
    /// <returns>How many bytes were written.</returns>
    /// <exception cref="ArgumentException">The destination is shorter than <see cref="MaxEncodedLength"/>.</exception>
    public static int Encode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (destination.Length < MaxEncodedLength(source.Length))
            throw new ArgumentException("The destination is too short.", nameof(destination));

        var written = 0;
        while (true)
        {
            var zero = source.IndexOf((byte)0);
            var run = zero < 0 ? source.Length : zero;
            for (; run >= 254; run -= 254)
            {
                destination[written] = 255;
                source[..254].CopyTo(destination[(written + 1)..]);
                written += 255;
                source = source[254..];
                if (source.IsEmpty) return written;
            }

            destination[written] = (byte)(run + 1);
            source[..run].CopyTo(destination[(written + 1)..]);
            written += run + 1;
            if (zero < 0) return written;
            source = source[(run + 1)..];
        }
    }

    /// <summary>Decodes what stood between two delimiters.</summary>
    /// <param name="source">The encoded bytes, without a delimiter.</param>
    /// <param name="destination">Room for at least as many bytes.</param>
    /// <param name="written">How many bytes were decoded.</param>
    /// <returns>False when the bytes are no COBS: empty, a 0 among them, cut short, or longer than the destination.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> source, Span<byte> destination, out int written)
    {
        written = 0;
        if (source.IsEmpty || source.Contains((byte)0)) return false;
        var at = 0;
        while (true)
        {
            int code = source[at], run = code - 1;
            if (run >= source.Length - at || run > destination.Length - written) return false;
            var from = source.Slice(at + 1, run);
            var to = destination.Slice(written, run);
            // Samples near zero make runs of two or three bytes, for which a block copy takes longer than the bytes.
            if (run < 16)
                for (var i = 0; i < from.Length && i < to.Length; i++) to[i] = from[i];
            else
                from.CopyTo(to);
            written += run;
            at += code;
            if (at == source.Length) return true;
            if (code == 255) continue;
            if (written == destination.Length) return false;
            destination[written++] = 0;
        }
    }
}
