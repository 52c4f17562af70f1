using EcgFm.Core;

namespace EcgFm.Alerts.Conditions;

/// <summary>No lead can be analysed, though one at least is on and its samples come. A stopped heart is told apart: its leads are quiet.</summary>
internal sealed class NoiseCondition(TechnicalRule rule) : TimedCondition(rule.MinimumDuration, rule.EndAfter)
{
    private const QualityIssue OtherCause = QualityIssue.Absent | QualityIssue.LeadOff | QualityIssue.Missing;

    protected override (bool?, Evidence)? Read(AlertInput input)
    {
        if (input is not AlertInput.Assessed { Window: { Quality: var quality } window, Time: var time }) return null;
        var noisy = !quality.Usable && window.SinceBeat is null && quality.Issues.Any(issue => (issue & OtherCause) == 0);
        return (noisy, new Evidence(time) { Detail = noisy ? $"{quality.Any & ~OtherCause}.".ToLowerInvariant() : null });
    }
}
