using System.Text.Json;
using EcgFm.Core;

namespace EcgFm.Signal.Rhythm;

/// <summary>Judges from intervals alone whether the rhythm is atrial fibrillation: a network of one small hidden layer over <see cref="IntervalFeatures"/>.</summary>
/// <remarks>
/// Its numbers stand in <c>RhythmClassifier.json</c>, written by <c>models/training/fit_beats.py</c>, which says on what they were fitted. Both classes
/// weighed the same there.
/// </remarks>
internal sealed class RhythmClassifier
{
    private sealed record Numbers(string[] Features, double[] Mean, double[] Deviation, double[][] Hidden, double[] HiddenBias, double[] Output, double OutputBias);

    private readonly Numbers _numbers;

    private RhythmClassifier(Numbers numbers) => _numbers = numbers;

    /// <summary>The classifier that comes with the program.</summary>
    public static RhythmClassifier Shipped { get; } = Load();

    /// <summary>The judgement; null when there are too few intervals.</summary>
    public BeatRhythm? Judge(in BeatIntervals intervals) =>
        IntervalFeatures.Of(intervals) is { } features ? new BeatRhythm((float)Probability(features), intervals.Count, intervals.Span) : null;

    private double Probability(double[] features)
    {
        var logit = _numbers.OutputBias;
        for (var unit = 0; unit < _numbers.Output.Length; unit++)
        {
            var sum = _numbers.HiddenBias[unit];
            for (var i = 0; i < features.Length; i++) sum += _numbers.Hidden[unit][i] * (features[i] - _numbers.Mean[i]) / _numbers.Deviation[i];
            logit += _numbers.Output[unit] * Math.Tanh(sum);
        }

        return 1 / (1 + Math.Exp(-logit));
    }

    private static RhythmClassifier Load()
    {
        using var stream = typeof(RhythmClassifier).Assembly.GetManifestResourceStream("RhythmClassifier.json")!;
        var numbers = JsonSerializer.Deserialize<Numbers>(stream, JsonSerializerOptions.Web)!;
        if (!numbers.Features.SequenceEqual(IntervalFeatures.Names))
            throw new InvalidDataException("RhythmClassifier.json is for other features: fit it again with models/training/fit_beats.py.");
        return new(numbers);
    }
}
