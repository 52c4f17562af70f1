using EcgFm.Alerts;
using EcgFm.Core;
using EcgFm.Model.Inference;

namespace EcgFm.Edge.Commands.Evaluate;

/// <summary>A network with one label more: what the beats alone say, so that an alert rule can rest on them and be measured beside the others.</summary>
/// <param name="model">The network.</param>
internal sealed class WithBeats(IInterpreter model) : IInterpreter
{
    /// <summary>The label. Where there are too few beats its probability is zero.</summary>
    public static Label Label { get; } = new("Atrial fibrillation by the beats alone", Threshold: RuleProbability.BeatsThreshold);

    public Interpretation Interpret(AssessedWindow window)
    {
        var interpretation = model.Interpret(window);
        return interpretation with
        {
            Labels = interpretation.Labels.Add(Label),
            Probabilities = interpretation.Probabilities.Add(window.Rhythm?.AtrialFibrillation ?? 0),
        };
    }
}
