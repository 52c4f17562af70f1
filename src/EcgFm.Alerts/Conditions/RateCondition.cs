namespace EcgFm.Alerts.Conditions;

/// <summary>The heart rate is beyond a limit.</summary>
internal sealed class RateCondition(RateRule rule) : TimedCondition(rule.MinimumDuration, rule.EndAfter)
{
    protected override (bool?, Evidence)? Read(AlertInput input)
    {
        if (input is not AlertInput.Assessed { Window: var window, Time: var time }) return null;
        var margin = Holds ? rule.Margin : 0;
        var beyond = window.HeartRate is { } rate ? rate < rule.Below + margin || rate > rule.Above - margin : (bool?)null;
        return (beyond, new Evidence(time) { Window = window });
    }
}
