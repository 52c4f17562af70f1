using System.Globalization;
using EcgFm.Core;

namespace EcgFm.Alerts.Conditions;

/// <summary>Too many samples of the last ten seconds are missing.</summary>
internal sealed class DataLostCondition(TechnicalRule rule) : TimedCondition(rule.MinimumDuration, rule.EndAfter)
{
    protected override (bool?, Evidence)? Read(AlertInput input)
    {
        if (input is not AlertInput.Assessed { Window.Window: var window, Time: var time }) return null;
        var share = window.Missing.Max() / (double)EcgWindow.Length;
        var lost = share >= rule.Share;
        return (lost, new Evidence(time) { Detail = lost ? string.Create(CultureInfo.InvariantCulture, $"{100 * share:0} % of the last ten seconds are missing.") : null });
    }
}
