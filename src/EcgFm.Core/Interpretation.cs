using System.Collections.Immutable;

namespace EcgFm.Core;

/// <summary>What the network says of one window: all its labels.</summary>
public sealed record Interpretation
{
    /// <summary>The window with its quality and heart rate.</summary>
    public required AssessedWindow Input { get; init; }

    /// <summary>The labels of the network, in its order; one instance is shared by all interpretations.</summary>
    public required ImmutableArray<Label> Labels { get; init; }

    /// <summary>The probability of each label, in the order of <see cref="Labels"/>.</summary>
    public required ImmutableArray<float> Probabilities { get; init; }

    /// <summary>
    /// Where the network looked: the last layer's attention, the maximum over the keys, for each of the network's time steps in the order of the segments;
    /// empty when the network does not give it.
    /// </summary>
    public ImmutableArray<float> Saliency { get; init; } = [];

    /// <summary>Which network it was.</summary>
    public required ModelIdentity Model { get; init; }

    /// <summary>How long the network took.</summary>
    public TimeSpan InferenceTime { get; init; }

    /// <summary>How many windows were skipped since the stream began because the device was too slow.</summary>
    public long SkippedWindows { get; init; }

    /// <summary>The probability of the label with this name, or null when the network does not have it.</summary>
    public float? Probability(string label)
    {
        for (var i = 0; i < Labels.Length; i++)
            if (string.Equals(Labels[i].Name, label, StringComparison.Ordinal))
                return Probabilities[i];
        return null;
    }
}
