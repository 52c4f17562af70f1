using System.Text.Json;
using EcgFm.Core;

namespace EcgFm.Signal.Rhythm;

/// <summary>Judges from the beats alone whether the rhythm is atrial fibrillation: a network of one small hidden layer over <see cref="IntervalFeatures"/>.</summary>
/// <remarks>
/// Its numbers stand in <c>RhythmClassifier.json</c>, written by <c>models/training/fit_beats.py</c>, which says on what they were fitted. Both classes
/// weighed the same there.
/// </remarks>
public sealed class RhythmClassifier
{
    private sealed record Numbers(string[] Features, double[] Mean, double[] Deviation, double[][] Hidden, double[] HiddenBias, double[] Output, double OutputBias);

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerOptions.Web) { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    private readonly Numbers _numbers;

    private RhythmClassifier(Numbers numbers) => _numbers = numbers;

    /// <summary>The classifier that comes with the program.</summary>
    public static RhythmClassifier Shipped { get; } = Load();

    /// <summary>Another one, as models/training/fit_beats.py writes it.</summary>
    /// <exception cref="InvalidDataException">The file is none, or for other features.</exception>
    public static RhythmClassifier Read(string path)
    {
        using var stream = File.OpenRead(path);
        return Read(stream, path);
    }

    /// <summary>The judgement; null when there are too few intervals.</summary>
    internal BeatRhythm? Judge(in BeatIntervals intervals) =>
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
        return Read(stream, "RhythmClassifier.json");
    }

    private static RhythmClassifier Read(Stream stream, string name)
    {
        Numbers? numbers;
        try
        {
            numbers = JsonSerializer.Deserialize<Numbers>(stream, Strict);
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"{name} is not what models/training/fit_beats.py writes ({fault.Message})", fault);
        }

        if (numbers is null || !numbers.Features.SequenceEqual(IntervalFeatures.Names))
            throw new InvalidDataException($"{name} is for other features than {string.Join(", ", IntervalFeatures.Names)}: fit it again with models/training/fit_beats.py.");
        int[] widths = [numbers.Mean.Length, numbers.Deviation.Length, .. numbers.Hidden.Select(unit => unit.Length)];
        if (widths.Any(width => width != IntervalFeatures.Names.Count) || numbers.Hidden.Length != numbers.Output.Length || numbers.HiddenBias.Length != numbers.Output.Length)
            throw new InvalidDataException($"{name}: the counts of its numbers do not fit each other; fit it again with models/training/fit_beats.py.");
        return new(numbers);
    }
}
