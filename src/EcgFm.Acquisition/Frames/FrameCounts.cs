namespace EcgFm.Acquisition.Frames;

/// <summary>What a decoder has seen since it was made.</summary>
/// <param name="Good">Valid frames, of any type.</param>
/// <param name="Bad">Damaged frames: the encoding, a checksum or the length was wrong.</param>
/// <param name="Foreign">Undamaged frames that are not for this receiver: another version of the format, an unknown type, another device on the same line.</param>
/// <param name="Unannounced">Valid frames of samples that nobody could read, because the device has not said yet what they mean.</param>
public readonly record struct FrameCounts(long Good, long Bad, long Foreign, long Unannounced)
{
    /// <summary>The same, when so many of the valid frames proved to be damaged.</summary>
    public FrameCounts Without(long damaged) => this with { Good = Good - damaged, Bad = Bad + damaged };
}
