namespace EcgFm.Alerts.Conditions;

/// <summary>The heart stands still.</summary>
internal sealed class AsystoleCondition(AsystoleRule rule) : TimedCondition(rule.MinimumDuration, rule.EndAfter)
{
    protected override (bool?, Evidence)? Read(AlertInput input) =>
        input is AlertInput.Assessed { Window: var window, Time: var time } ? (window.SinceBeat is { } quiet ? quiet >= rule.Pause : null, new Evidence(time) { Window = window }) : null;
}
