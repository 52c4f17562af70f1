using System.Text.Json.Serialization;

namespace EcgFm.Telemetry.Messages;

/// <summary>How one bed's source and analysis are.</summary>
/// <param name="Bed">The bed.</param>
/// <param name="Source">What the samples come from.</param>
/// <param name="Connected">Whether samples came since the last fault.</param>
/// <param name="Fault">The last fault of the source, until samples come again.</param>
/// <param name="Windows">Windows interpreted since the start.</param>
/// <param name="SkippedWindows">Windows skipped since the start because the device was too slow.</param>
/// <param name="MissingSamples">Missing samples at 500 Hz in those windows, of the lead that misses most.</param>
/// <param name="InferenceMilliseconds">How long the network took for the last window.</param>
public sealed record BedHealth(
    string Bed,
    string Source,
    bool Connected,
    string? Fault,
    long Windows,
    long SkippedWindows,
    long MissingSamples,
    double? InferenceMilliseconds)
{
    /// <summary>What its device has delivered and lost; null for a source that is no device.</summary>
    public DeviceCounts? Device { get; init; }

    /// <summary>How long the network took for all windows since the start; for metrics only.</summary>
    [JsonIgnore]
    public TimeSpan InferenceTime { get; init; }
}
