namespace EcgFm.Alerts;

/// <summary>A limit of the heart rate over the last ten seconds, judged every second by the beats alone: it works when the network does not.</summary>
public sealed record RateRule : AlertRule
{
    /// <summary>The condition holds below so many beats per minute; null for none.</summary>
    public double? Below { get; init; }

    /// <summary>The condition holds above so many beats per minute; null for none.</summary>
    public double? Above { get; init; }

    /// <summary>How far back within the limit the rate must be, in beats per minute, before the condition is over.</summary>
    public double Margin { get; init; } = 5;

    /// <summary>How long it must be over before the alert ends.</summary>
    public TimeSpan EndAfter { get; init; } = TimeSpan.FromSeconds(10);
}
