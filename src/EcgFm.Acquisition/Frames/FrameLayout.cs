namespace EcgFm.Acquisition.Frames;

/// <summary>Where things stand in the project's frame, before COBS; see <c>device/frame/README.md</c>.</summary>
internal static class FrameLayout
{
    public const byte Version = 1;
    public const byte InfoType = 1;
    public const byte SamplesType = 2;

    public const int VersionAt = 0;
    public const int TypeAt = 1;
    public const int DeviceAt = 2;
    public const int StreamAt = 4;

    public const int CounterAt = 6;
    public const int MicrosecondsAt = 10;
    public const int LeadOffAt = 14;
    public const int ChannelsAt = 18;
    public const int InstantsAt = 19;
    public const int SamplesAt = 20;

    public const int RateAt = 6;
    public const int InfoChannelsAt = 10;
    public const int NameLengthAt = 11;
    public const int ChannelTableAt = 12;
    public const int ChannelEntry = 5;

    public const int CrcLength = 4;

    /// <summary>The longest frame before COBS, with its checksums.</summary>
    public const int MaxLength = 1024;

    /// <summary>The longest name of a device, in bytes of UTF-8.</summary>
    public const int MaxName = 64;

    public const int MaxSample = 0x7FFFFF;
    public const int MinSample = -0x800000;

    /// <summary>The longest frame as it goes over the line, without its delimiter.</summary>
    public static int MaxEncoded { get; } = Cobs.MaxEncodedLength(MaxLength);
}
