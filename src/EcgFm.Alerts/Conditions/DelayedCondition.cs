namespace EcgFm.Alerts.Conditions;

/// <summary>The network lags behind the samples, or skips windows. Measured in samples: it holds at any speed of playback.</summary>
internal sealed class DelayedCondition(TechnicalRule rule, TimeSpan? hop) : TimedCondition(rule.MinimumDuration, rule.EndAfter)
{
    private DateTimeOffset? _interpreted, _skippedAt;
    private long _skipped;

    private static TimeSpan Patience => TimeSpan.FromSeconds(5);

    private static TimeSpan SkipsLast => TimeSpan.FromSeconds(30);

    protected override (bool?, Evidence)? Read(AlertInput input)
    {
        switch (input)
        {
            case AlertInput.Interpreted { Result: var result, Time: var end }:
                if (result.SkippedWindows > _skipped) _skippedAt = end;
                (_interpreted, _skipped) = (end, result.SkippedWindows);
                return null;
            case AlertInput.Failed { Time: var end }:
                // That it fails is another alert.
                _interpreted = end;
                return null;
            case AlertInput.Assessed { Time: var time } when hop is { } due:
                _interpreted ??= time;
                var late = time - _interpreted > due + Patience;
                var skipping = time - _skippedAt < SkipsLast;
                return (late || skipping, new Evidence(time) { Detail = late ? "The network lags behind." : skipping ? "Windows are skipped." : null });
            default:
                return null;
        }
    }
}
