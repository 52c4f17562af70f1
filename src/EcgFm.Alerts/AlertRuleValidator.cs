namespace EcgFm.Alerts;

/// <summary>Says what is wrong with a rule.</summary>
public static class AlertRuleValidator
{
    /// <summary>A sentence for each fault, naming the rule and the key; empty when the rule is right.</summary>
    public static IEnumerable<string> Errors(AlertRule rule)
    {
        if (string.IsNullOrWhiteSpace(rule.Code)) yield return $"rule \"{rule.Title}\": code is empty; give it one such as \"atrial-fibrillation\"";
        if (string.IsNullOrWhiteSpace(rule.Label)) yield return $"rule \"{rule.Code}\": label is empty; name a label of the network";
        if (rule.SecondOpinion == SecondOpinion.Beats && rule.Label != RuleProbability.AtrialFibrillation)
            yield return $"rule \"{rule.Code}\": secondOpinion is beats; that is allowed for the label \"{RuleProbability.AtrialFibrillation}\" only";
        if (rule.StartThreshold is < 0 or > 1) yield return $"rule \"{rule.Code}\": startThreshold is {rule.StartThreshold}; allowed is 0 to 1";
        if (rule.EndThreshold is < 0 or > 1) yield return $"rule \"{rule.Code}\": endThreshold is {rule.EndThreshold}; allowed is 0 to 1";
        if (rule.EndThreshold > rule.StartThreshold) yield return $"rule \"{rule.Code}\": endThreshold is {rule.EndThreshold}; allowed is at most startThreshold, {rule.StartThreshold}";
        if (rule.StartWindows is < 1 or > RecentWindows.Most) yield return $"rule \"{rule.Code}\": startWindows is {rule.StartWindows}; allowed is 1 to {RecentWindows.Most}";
        if (rule.EndWindows is < 1 or > RecentWindows.Most) yield return $"rule \"{rule.Code}\": endWindows is {rule.EndWindows}; allowed is 1 to {RecentWindows.Most}";
        if (rule.StartCount < 1 || rule.StartCount > rule.StartWindows) yield return $"rule \"{rule.Code}\": startCount is {rule.StartCount}; allowed is 1 to startWindows, {rule.StartWindows}";
        if (rule.EndCount < 1 || rule.EndCount > rule.EndWindows) yield return $"rule \"{rule.Code}\": endCount is {rule.EndCount}; allowed is 1 to endWindows, {rule.EndWindows}";
    }
}
