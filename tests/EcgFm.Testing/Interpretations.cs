using System.Collections.Immutable;
using EcgFm.Core;

namespace EcgFm.Testing;

/// <summary>Interpretations made by hand, one window of ten seconds after the other.</summary>
public static class Interpretations
{
    /// <summary>When the first window begins.</summary>
    public static DateTimeOffset Start { get; } = new(2026, 1, 2, 3, 4, 0, TimeSpan.Zero);

    /// <summary>The labels of the made-up network.</summary>
    public static ImmutableArray<Label> Labels { get; } =
        [new("Sinus rhythm"), new("Atrial fibrillation", Threshold: 0.6, Snomed: "49436004")];

    /// <summary>The window with this number, with the probability that the network gives atrial fibrillation.</summary>
    public static Interpretation Window(int index, float atrialFibrillation, bool usable = true) => new()
    {
        Input = new(
            new EcgWindow
            {
                Index = index,
                FirstSample = index * (long)EcgWindow.Length,
                Start = Start + index * EcgWindow.Duration,
                Samples = new float[StandardLeads.Count * EcgWindow.Length],
                Missing = [.. new int[StandardLeads.Count]],
            },
            new SignalQuality([.. new QualityIssue[StandardLeads.Count]], usable),
            HeartRate: 72),
        Labels = Labels,
        Probabilities = [1 - atrialFibrillation, atrialFibrillation],
        Model = new ModelIdentity("made-up", "1", "fp32", new string('0', 64)),
        InferenceTime = TimeSpan.FromMilliseconds(5),
    };

    /// <summary>Consecutive windows with these probabilities of atrial fibrillation; NaN stands for an unusable window.</summary>
    public static IEnumerable<Interpretation> Windows(params IEnumerable<float> atrialFibrillation) =>
        atrialFibrillation.Select((p, i) => Window(i, float.IsNaN(p) ? 0.99f : p, !float.IsNaN(p)));
}
