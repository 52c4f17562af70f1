using EcgFm.Alerts;
using EcgFm.Core;
using EcgFm.Telemetry;

namespace EcgFm.Edge.Configuration;

/// <summary>
/// Reads alert rules: an entry with the code of a default rule changes what it names of that rule, any other entry is a rule of its own. What is allowed
/// <see cref="AlertRuleValidator"/> knows.
/// </summary>
internal static class RuleReader
{
    /// <summary>The rules that hold: the defaults with the changes of the list.</summary>
    public static IReadOnlyList<AlertRule> Read(IEnumerable<SettingsReader> list, List<string> errors)
    {
        var rules = AlertRules.Default.ToList();
        var (off, seen) = (new HashSet<string>(), new HashSet<string>());
        foreach (var entry in list)
        {
            var code = entry.Text("code", TelemetryTopics.IsLevel, TelemetryTopics.LevelRule, null) ?? "";
            if (!entry.Flag("enabled", true)) off.Add(code);
            var known = rules.FindIndex(rule => rule.Code == code);
            var rule = Rule(entry, code, known < 0 ? null : rules[known]);
            entry.RejectUnknown();
            if (rule is null) continue;
            foreach (var error in AlertRuleValidator.Errors(rule)) errors.Add(Sentence(entry, error));
            if (!seen.Add(code)) entry.Error($"{entry.Path("code")} is \"{code}\" a second time; allowed is one entry for each rule");
            if (known < 0) rules.Add(rule);
            else rules[known] = rule;
        }

        rules.RemoveAll(rule => off.Contains(rule.Code));
        // A rule that is switched off silences nobody.
        rules = [.. rules.Select(rule => rule with { SilencedBy = [.. rule.SilencedBy.Where(code => !off.Contains(code))] })];
        foreach (var error in AlertRuleValidator.Errors(rules).Where(error => error.Key == "silencedBy")) errors.Add($"rules: {error}");
        return rules;
    }

    private static AlertRule? Rule(SettingsReader entry, string code, AlertRule? known)
    {
        var priority = known?.Priority ?? AlertPriority.Medium;
        AlertRule? rule = known switch
        {
            _ when entry.Has("label") || known is LabelRule => Label(entry, known as LabelRule ?? new() { Code = code, Title = entry.Text("label") ?? "", Priority = priority, Label = "" }),
            RateRule rate => Rate(entry, rate),
            AsystoleRule asystole => asystole with { Pause = entry.Seconds("pauseSeconds", asystole.Pause), EndAfter = entry.Seconds("endAfterSeconds", asystole.EndAfter) },
            TechnicalRule technical => technical with
            {
                EndAfter = entry.Seconds("endAfterSeconds", technical.EndAfter),
                Share = technical.Share is { } share ? entry.Number("share", share) : null,
            },
            _ when entry.Has("below") || entry.Has("above") => Rate(entry, new() { Code = code, Title = code, Priority = priority }),
            _ => null,
        };
        if (rule is null)
        {
            entry.Error($"{entry.Path("label")} is missing; allowed for a rule of one's own is a label of the network, or a heart rate below or above; the rules that are there are {string.Join(", ", AlertRules.Default.Select(other => other.Code))}");
            return null;
        }

        return rule with
        {
            Title = entry.Text("title") ?? rule.Title,
            Priority = entry.Choice("priority", rule.Priority),
            Latching = entry.Flag("latching", rule.Latching),
            MinimumDuration = entry.Seconds("minimumSeconds", rule.MinimumDuration),
            OngoingEvery = entry.Seconds("ongoingEverySeconds", rule.OngoingEvery),
            SilencedBy = entry.Texts("silencedBy") is { } silencers ? [.. silencers] : rule.SilencedBy,
        };
    }

    private static LabelRule Label(SettingsReader entry, LabelRule rule)
    {
        var label = entry.Text("label") ?? rule.Label;
        var opinion = label != rule.Label && label == RuleProbability.AtrialFibrillation ? SecondOpinion.Beats : rule.SecondOpinion;
        var (startWindows, endWindows) = (entry.Integer("startWindows", rule.StartWindows), entry.Integer("endWindows", rule.EndWindows));
        return rule with
        {
            Label = label,
            Required = true,
            SecondOpinion = entry.Choice("secondOpinion", opinion),
            StartThreshold = entry.Has("startThreshold") ? entry.Number("startThreshold", 0) : rule.StartThreshold,
            StartWindows = startWindows,
            StartCount = entry.Integer("startCount", entry.Has("startWindows") ? startWindows : rule.StartCount),
            EndThreshold = entry.Has("endThreshold") ? entry.Number("endThreshold", 0) : rule.EndThreshold,
            EndWindows = endWindows,
            EndCount = entry.Integer("endCount", entry.Has("endWindows") ? endWindows : rule.EndCount),
        };
    }

    private static RateRule Rate(SettingsReader entry, RateRule rule) => rule with
    {
        Below = entry.Has("below") ? entry.Number("below", 0) : rule.Below,
        Above = entry.Has("above") ? entry.Number("above", 0) : rule.Above,
        Margin = entry.Number("margin", rule.Margin),
        EndAfter = entry.Seconds("endAfterSeconds", rule.EndAfter),
    };

    private static string Sentence(SettingsReader entry, RuleError error) => $"{entry.Path(error.Key)} of \"{error.Code}\" is {error.Value}; allowed is {error.Allowed}";
}
