namespace EcgFm.Alerts.Conditions;

/// <summary>An electrode is off.</summary>
internal sealed class LeadsOffCondition(TechnicalRule rule) : TimedCondition(rule.MinimumDuration, rule.EndAfter)
{
    protected override (bool?, Evidence)? Read(AlertInput input)
    {
        if (input is not AlertInput.Assessed { Window: var (window, quality, _), Time: var time }) return null;
        var off = window.LeadOff.Intersect(window.Absent.Complement);
        var detail = $"Off: {off}. {(quality.Usable ? $"Analysed: {quality.Good}." : "Nothing can be analysed.")}";
        return (off.Count > 0, new Evidence(time) { Detail = off.Count > 0 ? detail : null });
    }
}
