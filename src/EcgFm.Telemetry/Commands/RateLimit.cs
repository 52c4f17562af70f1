namespace EcgFm.Telemetry.Commands;

/// <summary>So many at once, so many a second; what is beyond is refused, and of what is refused one a second is answered. For one caller at a time.</summary>
/// <param name="time">The clock.</param>
internal sealed class RateLimit(TimeProvider time)
{
    /// <summary>How many may come at once.</summary>
    public const int Burst = 20;

    /// <summary>How many may come each second in the long run.</summary>
    public const int PerSecond = 5;

    private double _left = Burst;
    private long _last = time.GetTimestamp();
    private long? _refused;

    public RateVerdict Take()
    {
        var now = time.GetTimestamp();
        _left = Math.Min(Burst, _left + PerSecond * time.GetElapsedTime(_last, now).TotalSeconds);
        _last = now;
        if (_left >= 1)
        {
            _left--;
            return RateVerdict.Allowed;
        }

        if (_refused is { } told && time.GetElapsedTime(told, now) < TimeSpan.FromSeconds(1)) return RateVerdict.Silent;
        _refused = now;
        return RateVerdict.Refused;
    }
}
