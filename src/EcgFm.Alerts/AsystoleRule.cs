namespace EcgFm.Alerts;

/// <summary>No beat for a while although leads are on and quiet enough to see one (<see cref="Core.AssessedWindow.SinceBeat"/>), judged every second.</summary>
public sealed record AsystoleRule : AlertRule
{
    /// <summary>How long without a beat.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How long beats must have followed each other again before the alert ends.</summary>
    public TimeSpan EndAfter { get; init; } = TimeSpan.FromSeconds(10);
}
