namespace EcgFm.Alerts.Conditions;

/// <summary>An electrode, or a sensor that counts beats, is off.</summary>
internal sealed class LeadsOffCondition(TechnicalRule rule) : TimedCondition(rule.MinimumDuration, rule.EndAfter)
{
    protected override (bool?, Evidence)? Read(AlertInput input)
    {
        if (input is AlertInput.Counted { Vitals.Contact: { } contact })
            return (!contact, new Evidence(input.Time) { Detail = contact ? null : "The sensor does not touch the skin." });
        if (input is not AlertInput.Assessed { Window: var (window, quality, _), Time: var time }) return null;
        var off = window.LeadOff.Intersect(window.Absent.Complement);
        var detail = $"Off: {off}. {(quality.Usable ? $"Analysed: {quality.Good}." : "Nothing can be analysed.")}";
        return (off.Count > 0, new Evidence(time) { Detail = off.Count > 0 ? detail : null });
    }
}
