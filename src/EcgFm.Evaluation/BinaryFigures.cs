namespace EcgFm.Evaluation;

/// <summary>How well probabilities tell what is so from what is not.</summary>
/// <param name="Positives">Records of which the label is true.</param>
/// <param name="Negatives">Records of which it is not.</param>
/// <param name="Auroc">The area under the receiver operating characteristic: the chance that a positive scores higher than a negative, ties counting half (Mann and Whitney).</param>
/// <param name="Auprc">The average precision: precision at each distinct probability, weighted by the recall that it adds.</param>
/// <param name="Sensitivity">The share of the positives at or above the threshold.</param>
/// <param name="Specificity">The share of the negatives below it.</param>
/// <param name="F1">The harmonic mean of sensitivity and positive predictivity; 0 when nothing is found.</param>
/// <remarks>A figure that needs positives or negatives is NaN when there are none.</remarks>
public readonly record struct BinaryFigures(int Positives, int Negatives, double Auroc, double Auprc, double Sensitivity, double Specificity, double F1)
{
    /// <summary>The figures of scores at a threshold.</summary>
    public static BinaryFigures Of(ReadOnlySpan<Score> scores, double threshold)
    {
        var sorted = scores.ToArray();
        Array.Sort(sorted, (a, b) => b.Probability.CompareTo(a.Probability));
        var positives = sorted.Count(score => score.Positive);
        var negatives = sorted.Length - positives;

        var (above, area, precision) = (0, 0.0, 0.0);
        var (truePositives, falsePositives) = (0, 0);
        for (var i = 0; i < sorted.Length;)
        {
            // Records of one probability stand at one threshold.
            var (p, n, from) = (0, 0, i);
            for (; i < sorted.Length && sorted[i].Probability.Equals(sorted[from].Probability); i++)
                if (sorted[i].Positive) p++;
                else n++;
            area += n * (above + (p / 2.0));
            above += p;
            precision += p * (double)above / i;
            if (sorted[from].Probability >= threshold) (truePositives, falsePositives) = (above, i - above);
        }

        return new(
            positives, negatives, area / ((double)positives * negatives), precision / positives,
            (double)truePositives / positives, 1 - ((double)falsePositives / negatives),
            positives == 0 ? double.NaN : 2.0 * truePositives / (truePositives + falsePositives + positives));
    }
}
