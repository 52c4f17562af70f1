using EcgFm.Acquisition.Frames;

namespace EcgFm.Acquisition.Devices;

/// <summary>What a device has delivered and lost since the program began, over all its connections.</summary>
/// <remarks>While connected, <see cref="Received"/> + <see cref="Interpolated"/> + <see cref="Missing"/> is the number of instants from the first to the last.</remarks>
public readonly record struct DeviceStatistics
{
    /// <summary>The decoder's counts.</summary>
    public FrameCounts Frames { get; init; }

    /// <summary>Sampling instants that came.</summary>
    public long Received { get; init; }

    /// <summary>Sampling instants that were lost and interpolated.</summary>
    public long Interpolated { get; init; }

    /// <summary>Sampling instants that were lost and are missing.</summary>
    public long Missing { get; init; }

    /// <summary>Frames that had come before.</summary>
    public long Duplicates { get; init; }

    /// <summary>Frames that came after later ones; their samples count as lost.</summary>
    public long Late { get; init; }

    /// <summary>Restarts of the device that were seen on an open line.</summary>
    public long Restarts { get; init; }

    /// <summary>Sampling instants that were dropped because the device was still settling.</summary>
    public long Settled { get; init; }

    /// <summary>By how many millionths the device's clock is fast against the host's, in the latest connection.</summary>
    public double DriftPpm { get; init; }

    /// <summary>The sums of both; the drift of the later.</summary>
    public static DeviceStatistics operator +(DeviceStatistics earlier, DeviceStatistics later) => new()
    {
        Frames = new FrameCounts(
            earlier.Frames.Good + later.Frames.Good,
            earlier.Frames.Bad + later.Frames.Bad,
            earlier.Frames.Foreign + later.Frames.Foreign,
            earlier.Frames.Unannounced + later.Frames.Unannounced),
        Received = earlier.Received + later.Received,
        Interpolated = earlier.Interpolated + later.Interpolated,
        Missing = earlier.Missing + later.Missing,
        Duplicates = earlier.Duplicates + later.Duplicates,
        Late = earlier.Late + later.Late,
        Restarts = earlier.Restarts + later.Restarts,
        Settled = earlier.Settled + later.Settled,
        DriftPpm = later.DriftPpm,
    };

    /// <summary>The sums of both; the drift of the later.</summary>
    public static DeviceStatistics Add(DeviceStatistics earlier, DeviceStatistics later) => earlier + later;
}
