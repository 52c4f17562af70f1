namespace EcgFm.Alerts.Conditions;

/// <summary>The heart rate is beyond a limit.</summary>
internal sealed class RateCondition(RateRule rule) : TimedCondition(rule.MinimumDuration, rule.EndAfter)
{
    protected override (bool?, Evidence)? Read(AlertInput input)
    {
        switch (input)
        {
            case AlertInput.Assessed { Window: var window, Time: var time }:
                return (IsBeyond(window.HeartRate), new Evidence(time) { Window = window });
            case AlertInput.Counted { Vitals: var vitals, Time: var time }:
                return (IsBeyond(vitals.HeartRate), new Evidence(time) { Detail = "As a heart rate sensor counts." });
            default:
                return null;
        }
    }

    private bool? IsBeyond(double? heartRate)
    {
        var margin = Holds ? rule.Margin : 0;
        return heartRate is { } rate ? rate < rule.Below + margin || rate > rule.Above - margin : null;
    }
}
