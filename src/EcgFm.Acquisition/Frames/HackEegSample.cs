using System.Buffers.Binary;

namespace EcgFm.Acquisition.Frames;

/// <summary>One sample of a HackEEG board, whichever way it was packed.</summary>
/// <remarks>
/// Microseconds and sample number, both u32 least significant byte first; then what the ADS129x gave, most significant byte first: three status bytes
/// (<c>1100</c>, a lead-off bit for each positive and each negative input, four GPIO bits) and a 24-bit two's complement for each channel.
/// </remarks>
internal static class HackEegSample
{
    public const int StatusAt = 8;
    public const int ChannelsAt = 11;

    /// <summary>The length of a sample.</summary>
    public static int Length(int converters) => ChannelsAt + 3 * converters;

    /// <summary>Hands it on; false when its status says that it is none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> sample, int[] values, IFrameSink sink)
    {
        var status = (uint)(sample[StatusAt] << 16 | sample[StatusAt + 1] << 8 | sample[StatusAt + 2]);
        if (status >> 20 != 0b1100) return false;
        for (int i = 0, at = ChannelsAt; i < values.Length; i++, at += 3)
            values[i] = (sbyte)sample[at] << 16 | sample[at + 1] << 8 | sample[at + 2];
        sink.OnSamples(new SampleFrame
        {
            Counter = BinaryPrimitives.ReadUInt32LittleEndian(sample[4..]),
            DeviceMicroseconds = BinaryPrimitives.ReadUInt32LittleEndian(sample),
            // An electrode that is off shows at the input that it is wired to.
            LeadOff = (status >> 12 | status >> 4) & 0xFF,
            Channels = values.Length,
            Values = values,
        });
        return true;
    }
}
