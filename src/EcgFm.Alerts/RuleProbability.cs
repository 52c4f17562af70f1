using EcgFm.Core;

namespace EcgFm.Alerts;

/// <summary>The one place that says which probability a rule sees.</summary>
public static class RuleProbability
{
    /// <summary>The label that the beats' intervals speak of.</summary>
    public const string AtrialFibrillation = "Atrial fibrillation";

    /// <summary>The label by which a network says that it cannot read the window.</summary>
    public const string PoorDataQuality = "Poor data quality";

    /// <summary>From this probability on the beats alone call it atrial fibrillation.</summary>
    public const double BeatsThreshold = 0.5;

    /// <summary>
    /// The beats' probability that beside a network speaks neither for atrial fibrillation nor against. Lower than what they alone would be believed at, for a second
    /// opinion decides only where the network is near its own threshold. Chosen on what networks and beats said of persons that neither had seen (models/ecgfm-nano/MODEL_CARD.md).
    /// </summary>
    private const double BeatsNeutral = 0.1;

    /// <summary>How much the network's opinion weighs beside that of the beats, one together; chosen likewise.</summary>
    private const double NetworkShare = 2.0 / 3;

    /// <summary>Logits further out say nothing more, and one opinion must be able to outweigh the other.</summary>
    private const double MostLogit = 6;

    /// <summary>The probability that the rule sees in a window, and the label that it belongs to; null when the network does not have the rule's label.</summary>
    /// <remarks>
    /// Without a second opinion that is the network's probability. With one it is the mean of both logits, each taken from its own threshold, so that the
    /// label's threshold is right for the result whichever network it is: logit p = logit t + ⅔ (logit n − logit t) + ⅓ (logit b − logit c), with c = 0.1.
    /// Where the window has too few beats for an opinion the network speaks alone, and where it calls the window's data quality poor as well: what a detector takes for
    /// beats in noise is irregular, and whoever only sees the intervals cannot know.
    /// </remarks>
    public static (Label Label, float Probability)? Of(LabelRule rule, Interpretation interpretation)
    {
        if (Said(interpretation, rule.Label) is not var (label, network)) return null;
        var poor = Said(interpretation, PoorDataQuality) is var (quality, probability) && probability >= quality.Threshold;
        return (label, rule.SecondOpinion == SecondOpinion.Beats && interpretation.Input.Rhythm is { } beats && !poor
            ? Together(label, network, beats.AtrialFibrillation)
            : network);
    }

    /// <summary>What the network says of a label; null when it does not have it.</summary>
    private static (Label Label, float Probability)? Said(Interpretation interpretation, string name)
    {
        for (var i = 0; i < interpretation.Labels.Length; i++)
            if (interpretation.Labels[i].Name == name)
                return (interpretation.Labels[i], interpretation.Probabilities[i]);
        return null;
    }

    private static float Together(Label label, float network, float beats)
    {
        var threshold = Logit(label.Threshold);
        var logit = threshold + (NetworkShare * (Logit(network) - threshold)) + ((1 - NetworkShare) * (Logit(beats) - Logit(BeatsNeutral)));
        return (float)(1 / (1 + Math.Exp(-logit)));
    }

    private static double Logit(double probability) => Math.Clamp(Math.Log(probability / (1 - probability)), -MostLogit, MostLogit);
}
