namespace EcgFm.Acquisition.Devices;

/// <summary>How a device is watched and its gaps are filled.</summary>
public sealed record DeviceOptions
{
    /// <summary>The usual.</summary>
    public static DeviceOptions Default { get; } = new();

    /// <summary>So long without a byte on a live line is a <see cref="DeviceFault.Stalled"/>.</summary>
    public TimeSpan StallAfter { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>So long with bytes but without a frame that can be read is <see cref="DeviceFault.Unintelligible"/>.</summary>
    public TimeSpan UnintelligibleAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest gap that is interpolated; a longer one is kept as missing.</summary>
    public TimeSpan LongestInterpolation { get; init; } = TimeSpan.FromMilliseconds(40);

    /// <summary>Keeps the bytes of each connection in files whose path begins so (<see cref="Transports.RawRecording"/>); null keeps none.</summary>
    public string? RecordRaw { get; init; }

    /// <summary>When a recording of bytes began; null means the time of the subscription. A live line has no use for it.</summary>
    public DateTimeOffset? RecordingStart { get; init; }
}
