namespace EcgFm.Evaluation;

/// <summary>Intervals by resampling (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, percentile method).</summary>
public static class Bootstrap
{
    private const int Replicates = 1000;

    /// <summary>The 95 % interval of each figure, over replicates of as many records drawn with replacement.</summary>
    /// <param name="records">The records; windows of one record belong together and are drawn together.</param>
    /// <param name="figures">The figures of a replicate; NaN where it has none, which leaves the replicate out for that figure.</param>
    /// <param name="seed">The same seed draws the same replicates.</param>
    /// <returns>An interval for each figure; NaN where no replicate had the figure.</returns>
    public static (double Low, double High)[] Intervals<T>(IReadOnlyList<T> records, Func<IReadOnlyList<T>, double[]> figures, int seed = 1)
    {
        var random = new Random(seed);
        var drawn = new T[records.Count];
        var values = new List<double[]>(Replicates);
        for (var i = 0; i < Replicates && drawn.Length > 0; i++)
        {
            for (var k = 0; k < drawn.Length; k++) drawn[k] = records[random.Next(records.Count)];
            values.Add(figures(drawn));
        }

        return [.. Enumerable.Range(0, values.Count == 0 ? 0 : values[0].Length).Select(figure => Percentiles([.. values.Select(row => row[figure]).Where(value => !double.IsNaN(value)).Order()]))];
    }

    private static (double Low, double High) Percentiles(double[] sorted) =>
        sorted.Length == 0 ? (double.NaN, double.NaN) : (At(sorted, 0.025), At(sorted, 0.975));

    private static double At(double[] sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var below = (int)place;
        return below + 1 < sorted.Length ? sorted[below] + ((place - below) * (sorted[below + 1] - sorted[below])) : sorted[below];
    }
}
