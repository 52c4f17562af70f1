namespace EcgFm.Acquisition;

/// <summary>How soon a lost device is tried again: the delay grows from attempt to attempt up to a cap.</summary>
public sealed record ReconnectPolicy
{
    /// <summary>Half a second, then twice as long each time up to five seconds, shortened by up to a quarter at random.</summary>
    public static ReconnectPolicy Default { get; } = new();

    /// <summary>The delay before the first attempt.</summary>
    public TimeSpan InitialDelay { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>The longest delay. Opening a port costs little, and a patient is at the other end.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>By how much each delay is longer than the one before.</summary>
    public double Factor { get; init; } = 2;

    /// <summary>The part of a delay, 0 to 1, that chance may take off, so that many beds do not knock at one serial server at the same moment.</summary>
    public double Jitter { get; init; } = 0.25;

    /// <summary>After so long with blocks a connection counts as good, and the next loss begins with the first delay again.</summary>
    public TimeSpan StableAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The delay before an attempt.</summary>
    /// <param name="attempt">The number of failures since the last good connection, from zero.</param>
    /// <param name="chance">A random number, 0 to 1.</param>
    public TimeSpan Delay(int attempt, double chance)
    {
        var seconds = Math.Min(InitialDelay.TotalSeconds * Math.Pow(Factor, attempt), MaxDelay.TotalSeconds);
        return TimeSpan.FromSeconds(seconds * (1 - Jitter * chance));
    }
}
