using EcgFm.Alerts;
using EcgFm.Model;
using EcgFm.Model.Packages;

namespace EcgFm.Edge.Configuration;

/// <summary>Checks the rules against the labels of the network.</summary>
internal static class RuleLabels
{
    /// <summary>A rule that somebody wrote on a label that the network does not have would be silent for ever: said before anything starts, where the package can be read.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="folder">The package.</param>
    /// <exception cref="ConfigurationException">A rule names a label that the network does not have.</exception>
    public static void Check(IEnumerable<AlertRule> rules, string folder)
    {
        ModelPackage package;
        try
        {
            package = ModelPackage.Load(folder);
        }
        catch (ModelFileException)
        {
            // Whoever loads it says what is wrong.
            return;
        }

        var labels = package.Labels.Select(label => label.Name).ToList();
        var errors = rules.OfType<LabelRule>()
            .Where(rule => rule.Required && !labels.Contains(rule.Label))
            .Select(rule => $"rules: label of \"{rule.Code}\" is \"{rule.Label}\"; allowed with the model {package.Identity.Name} is one of {string.Join(", ", labels)}")
            .ToList();
        if (errors.Count > 0) throw new ConfigurationException(errors);
    }
}
