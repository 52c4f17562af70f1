using EcgFm.Core;

namespace EcgFm.Telemetry.Messages;

/// <summary>Whether a window was fit for analysis.</summary>
/// <param name="Usable">Whether an alert may rest on it.</param>
/// <param name="Leads">The leads that were fit.</param>
/// <param name="Issues">What was wrong, by the name of the lead: absent, leadOff, missing, flat, saturated, noise.</param>
/// <param name="MissingSamples">Missing samples at 500 Hz of the lead that misses most.</param>
/// <param name="InterpolatedSamples">Sampling instants filled over short gaps.</param>
public sealed record QualityMessage(
    bool Usable,
    IReadOnlyList<string> Leads,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Issues,
    int MissingSamples,
    int InterpolatedSamples)
{
    /// <summary>The message for the quality of a window.</summary>
    public static QualityMessage From(EcgWindow window, SignalQuality quality)
    {
        var issues = new Dictionary<string, IReadOnlyList<string>>();
        for (var i = 0; i < quality.Issues.Length; i++)
            if (quality.Issues[i] != QualityIssue.None)
                issues[StandardLeads.Names[i]] = Names(quality.Issues[i]);
        return new(quality.Usable, [.. quality.Good.Select(StandardLeads.Name)], issues, window.Missing.Max(), window.Interpolated);
    }

    private static List<string> Names(QualityIssue issues) =>
        [.. Enum.GetValues<QualityIssue>().Where(i => i != QualityIssue.None && issues.HasFlag(i)).Select(i => char.ToLowerInvariant(i.ToString()[0]) + i.ToString()[1..])];
}
