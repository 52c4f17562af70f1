using EcgFm.Alerts;
using EcgFm.Edge.Configuration;
using EcgFm.Model;
using EcgFm.Model.Inference;

namespace EcgFm.Edge.Models;

/// <summary>Loads a network as a configuration wants it run.</summary>
internal static class ModelLoading
{
    /// <summary>Loads and tests a package, and makes sure that no rule that somebody wrote would be silent with it.</summary>
    /// <exception cref="ModelFileException">The package is broken, its network gives wrong numbers here, or a rule's label is none of its labels.</exception>
    public static EcgModel Load(string folder, EdgeConfiguration configuration, Action<string> warning)
    {
        if (configuration.InferenceLibrary is { } library) Use(library, warning);
        var model = EcgModel.Load(folder, configuration.Inference with { Warning = warning });
        var labels = model.Labels.Select(label => label.Name).ToList();
        if (configuration.Rules.OfType<LabelRule>().FirstOrDefault(rule => rule.Required && !labels.Contains(rule.Label)) is not { } silent) return model;
        model.Dispose();
        throw new ModelFileException(folder, "labels", $"the alert rule {silent.Code} rests on the label \"{silent.Label}\", which this network does not have.");
    }

    /// <summary>A library that cannot be used, such as after an upgrade of the system, is no reason to leave a bed without a network.</summary>
    private static void Use(string library, Action<string> warning)
    {
        try
        {
            OrtLibrary.Use(library);
        }
        catch (ModelFileException fault)
        {
            warning($"{fault.Message} The library that comes with the program is used instead.");
        }
    }
}
