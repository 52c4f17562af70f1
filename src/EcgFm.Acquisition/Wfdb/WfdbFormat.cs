namespace EcgFm.Acquisition.Wfdb;

/// <summary>
/// How the storage formats of <c>signal(5)</c>, WFDB Applications Guide, pack samples into bytes. The values that stand for a missing sample are those
/// of the WFDB library: the most negative value of the format.
/// </summary>
internal static class WfdbFormat
{
    public const string KnownFormats = "8, 16, 24, 32, 61, 80, 160, 212, 310, 311";

    /// <summary>What a decoder gives for a sample that the file does not have.</summary>
    public const int NoSample = int.MinValue;

    public static bool IsKnown(int format) => format is 0 or 8 or 16 or 24 or 32 or 61 or 80 or 160 or 212 or 310 or 311;

    /// <summary>Samples in one packing unit.</summary>
    public static int UnitSamples(int format) => format switch { 212 => 2, 310 or 311 => 3, _ => 1 };

    /// <summary>Bytes of one packing unit.</summary>
    public static int UnitBytes(int format) => format switch
    {
        0 => 0,
        8 or 80 => 1,
        16 or 61 or 160 => 2,
        24 or 212 => 3,
        _ => 4,
    };

    /// <summary>Bytes that so many samples take; a last, incomplete unit takes only the bytes in which its samples lie.</summary>
    public static long Bytes(int format, long samples)
    {
        var (units, rest) = Math.DivRem(samples, UnitSamples(format));
        return units * UnitBytes(format) + (format, rest) switch
        {
            (_, 0) => 0,
            (311, 2) => 3,
            (310, 2) => 4,
            _ => 2,
        };
    }

    /// <summary>The most samples that a file of so many bytes can hold.</summary>
    public static long Samples(int format, long bytes)
    {
        if (format == 0) return 0;
        var samples = bytes / UnitBytes(format) * UnitSamples(format);
        while (Bytes(format, samples + 1) <= bytes) samples++;
        return samples;
    }

    /// <summary>The value that marks a missing sample.</summary>
    public static int Missing(int format) => format switch
    {
        16 or 61 or 160 => short.MinValue,
        24 => -(1 << 23),
        80 => -128,
        212 => -2048,
        310 or 311 => -512,
        _ => NoSample,
    };

    /// <summary>The smallest and largest value that the format can hold besides <see cref="Missing"/>.</summary>
    public static (int Min, int Max) Range(int format) => format switch
    {
        16 or 61 or 160 => (-32767, 32767),
        24 => (-(1 << 23) + 1, (1 << 23) - 1),
        80 => (-127, 127),
        212 => (-2047, 2047),
        310 or 311 => (-511, 511),
        8 => (short.MinValue + 1, short.MaxValue),
        _ => (int.MinValue + 1, int.MaxValue),
    };

    /// <summary>Bits of one sample, for the header's ADC resolution.</summary>
    public static int Bits(int format) => format switch { 24 => 24, 32 => 32, 80 => 8, 212 => 12, 310 or 311 => 10, _ => 16 };
}
