using EcgFm.Alerts;

namespace EcgFm.Edge.Configuration;

/// <summary>Which rules a network can serve.</summary>
internal static class ApplicableRules
{
    /// <summary>The rules without those defaults whose label the network does not have: they rest.</summary>
    /// <param name="rules">The rules of the configuration.</param>
    /// <param name="labels">The labels of the network.</param>
    /// <param name="model">Its name.</param>
    /// <exception cref="ConfigurationException">A rule that somebody wrote watches a label that the network does not have: it would be silent for ever.</exception>
    public static IReadOnlyList<AlertRule> Of(IReadOnlyList<AlertRule> rules, IReadOnlyCollection<string> labels, string model)
    {
        var errors = rules.OfType<LabelRule>()
            .Where(rule => rule.Required && !labels.Contains(rule.Label))
            .Select(rule => $"rules: label of \"{rule.Code}\" is \"{rule.Label}\"; allowed with the model {model} is one of {string.Join(", ", labels)}")
            .ToList();
        if (errors.Count > 0) throw new ConfigurationException(errors);
        var resting = rules.OfType<LabelRule>().Where(rule => !labels.Contains(rule.Label)).Select(rule => rule.Code).ToHashSet();
        return [.. rules.Where(rule => !resting.Contains(rule.Code)).Select(rule => rule with { SilencedBy = [.. rule.SilencedBy.Where(code => !resting.Contains(code))] })];
    }
}
