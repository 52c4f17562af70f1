using EcgFm.Acquisition.Frames;

namespace EcgFm.Acquisition.Devices;

/// <summary>What is known of the Polar H10.</summary>
public static class PolarH10
{
    /// <summary>130 Hz, microvolts, one lead across the chest from right to left: it stands for lead I.</summary>
    public static StreamFormat Format { get; } = new()
    {
        Channels = new(["I"]),
        SampleRate = 130,
        NanovoltsPerCount = [1000],
        DeviceName = "Polar H10",
    };

    /// <summary>Its profile.</summary>
    public static DeviceProfile Profile { get; } = new() { Name = "polar-h10", Framing = "polar-pmd", Format = Format };
}
