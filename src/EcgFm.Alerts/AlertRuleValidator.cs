using System.Globalization;
using EcgFm.Core;

namespace EcgFm.Alerts;

/// <summary>Says what is wrong with rules: the one place that knows what is allowed.</summary>
public static class AlertRuleValidator
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromHours(1), LongestSilence = TimeSpan.FromDays(1);

    /// <summary>All that is wrong with a set of rules; empty when they are right.</summary>
    public static IEnumerable<RuleError> Errors(IReadOnlyList<AlertRule> rules)
    {
        foreach (var rule in rules)
            foreach (var error in Errors(rule))
                yield return error;
        var byCode = rules.ToLookup(rule => rule.Code);
        foreach (var rule in rules)
            foreach (var silencer in rule.SilencedBy)
                if (silencer == rule.Code || !byCode[silencer].Any(other => other.Kind == rule.Kind && other.OfBox == rule.OfBox))
                    yield return new(rule.Code, "silencedBy", $"\"{silencer}\"", $"the code of another rule about {Subject(rule)}");
                else if (SilencersOf(silencer, byCode).Contains(rule.Code))
                    yield return new(rule.Code, "silencedBy", $"\"{silencer}\"", $"a rule that \"{rule.Code}\" does not silence in turn: neither would sound");
        foreach (var code in rules.CountBy(rule => rule.Code).Where(same => same.Value > 1).Select(same => same.Key))
            yield return new(code, "code", $"\"{code}\" more than once", "one rule of each code");
    }

    /// <summary>All that is wrong with a rule by itself.</summary>
    public static IEnumerable<RuleError> Errors(AlertRule rule)
    {
        if (string.IsNullOrWhiteSpace(rule.Code)) yield return new(rule.Title, "code", "empty", "a code such as \"atrial-fibrillation\"");
        if (string.IsNullOrWhiteSpace(rule.Title)) yield return new(rule.Code, "title", "empty", "what the alert says to a person");
        foreach (var error in Durations(rule)) yield return error;
        foreach (var error in rule switch
        {
            LabelRule label => Errors(label),
            RateRule rate => Errors(rate),
            AsystoleRule asystole => Within(rule, "pauseSeconds", asystole.Pause.TotalSeconds, 2, 9),
            TechnicalRule { Share: { } share } => Within(rule, "share", share, 0.001, 1),
            _ => [],
        })
            yield return error;
    }

    private static string Subject(AlertRule rule) => rule.Kind == AlertKind.Physiological ? "the patient" : rule.OfBox ? "the box" : "the equipment of a bed";

    /// <summary>The codes that silence a rule, and those that silence these.</summary>
    private static HashSet<string> SilencersOf(string code, ILookup<string, AlertRule> byCode)
    {
        var (found, open) = (new HashSet<string>(), new Stack<string>([code]));
        while (open.TryPop(out var next))
            foreach (var silencer in byCode[next].SelectMany(rule => rule.SilencedBy))
                if (found.Add(silencer))
                    open.Push(silencer);
        return found;
    }

    private static IEnumerable<RuleError> Durations(AlertRule rule)
    {
        var end = rule switch { RateRule rate => rate.EndAfter, AsystoleRule asystole => asystole.EndAfter, TechnicalRule technical => technical.EndAfter, _ => TimeSpan.Zero };
        return Within(rule, "minimumSeconds", rule.MinimumDuration.TotalSeconds, 0, LongestDelay.TotalSeconds)
            .Concat(Within(rule, "endAfterSeconds", end.TotalSeconds, 0, LongestDelay.TotalSeconds))
            .Concat(Within(rule, "ongoingEverySeconds", rule.OngoingEvery.TotalSeconds, 10, LongestSilence.TotalSeconds));
    }

    private static IEnumerable<RuleError> Errors(LabelRule rule)
    {
        if (string.IsNullOrWhiteSpace(rule.Label)) yield return new(rule.Code, "label", "empty", "the name of one of the network's labels");
        if (rule.SecondOpinion == SecondOpinion.Beats && rule.Label != RuleProbability.AtrialFibrillation)
            yield return new(rule.Code, "secondOpinion", "beats", $"none; beats speak of the label \"{RuleProbability.AtrialFibrillation}\" only");
        foreach (var error in Within(rule, "startThreshold", rule.StartThreshold ?? 0, 0, 1)
            .Concat(Within(rule, "endThreshold", rule.EndThreshold ?? 0, 0, rule.StartThreshold is >= 0 and <= 1 and var start ? start : 1))
            .Concat(Within(rule, "startWindows", rule.StartWindows, 1, RecentWindows.Most))
            .Concat(Within(rule, "endWindows", rule.EndWindows, 1, RecentWindows.Most))
            .Concat(Within(rule, "startCount", rule.StartCount, 1, rule.StartWindows))
            .Concat(Within(rule, "endCount", rule.EndCount, 1, rule.EndWindows)))
            yield return error;
    }

    private static IEnumerable<RuleError> Errors(RateRule rule)
    {
        if (rule.Below is null == rule.Above is null) yield return new(rule.Code, rule.Below is null ? "below" : "above", rule.Below is null ? "missing" : "given beside below", "either below or above");
        foreach (var error in Within(rule, "below", rule.Below ?? 50, 10, 300).Concat(Within(rule, "above", rule.Above ?? 50, 10, 300)).Concat(Within(rule, "margin", rule.Margin, 0, 50)))
            yield return error;
    }

    private static IEnumerable<RuleError> Within(AlertRule rule, string key, double value, double least, double most)
    {
        if (!(value >= least && value <= most))
            yield return new(rule.Code, key, value.ToString(CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"{least} to {most}"));
    }
}
