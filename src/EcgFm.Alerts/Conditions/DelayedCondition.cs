using EcgFm.Core;

namespace EcgFm.Alerts.Conditions;

/// <summary>The network lags behind the samples, or skips windows. Measured in samples: it holds at any speed of playback, and whatever the clock says.</summary>
internal sealed class DelayedCondition(TechnicalRule rule, TimeSpan? hop) : TimedCondition(rule.MinimumDuration, rule.EndAfter)
{
    private long? _interpreted, _skippedAt;
    private long _skipped;

    private static TimeSpan Patience => TimeSpan.FromSeconds(5);

    private static TimeSpan SkipsLast => TimeSpan.FromSeconds(30);

    protected override (bool?, Evidence)? Read(AlertInput input)
    {
        switch (input)
        {
            case AlertInput.Interpreted { Result: { Input.Window.FirstSample: var first } result }:
                if (result.SkippedWindows > _skipped) _skippedAt = first;
                (_interpreted, _skipped) = (first, result.SkippedWindows);
                return null;
            case AlertInput.Failed { Window.Window.FirstSample: var first }:
                // That it fails is another alert.
                _interpreted = first;
                return null;
            case AlertInput.Assessed { Window.Window.FirstSample: var now, Time: var time } when hop is { } due:
                // Behind what was interpreted: the flow has begun again, and counts from zero.
                if (_interpreted is null || now < _interpreted) (_interpreted, _skippedAt) = (now, null);
                var late = Span(now - _interpreted) > due + Patience;
                var skipping = Span(now - _skippedAt) < SkipsLast;
                return (late || skipping, new Evidence(time) { Detail = late ? "The network lags behind." : skipping ? "Windows are skipped." : null });
            default:
                return null;
        }
    }

    private static TimeSpan? Span(long? samples) => samples * TimeSpan.FromTicks(TimeSpan.TicksPerSecond / EcgWindow.SampleRate);
}
