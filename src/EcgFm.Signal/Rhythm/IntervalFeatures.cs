namespace EcgFm.Signal.Rhythm;

/// <summary>Measures of irregularity, and one of the P waves, that tell atrial fibrillation from other rhythms.</summary>
/// <remarks>
/// In the order of <see cref="Names"/>:
/// <list type="bullet">
/// <item>root mean square of successive differences over the mean, logarithm (Dash et al., Ann Biomed Eng 2009; 37:1701);</item>
/// <item>the least, over lags of one to four intervals, of the median difference at that lag: bigeminy repeats itself after two, atrial fibrillation never;</item>
/// <item>coefficient of sample entropy, one interval, 30 ms (Lake and Moorman, Am J Physiol Heart Circ Physiol 2011; 300:H319);</item>
/// <item>turning point ratio (Dash et al.);</item>
/// <item>the greatest share of intervals within 8 % of each other;</item>
/// <item>Shannon entropy of the histogram of intervals, in tenths of the median (Dash et al.);</item>
/// <item>mean interval, logarithm; autocorrelation at one interval;</item>
/// <item>root mean square of the lesser three quarters of the differences: what is left when a few beats come early;</item>
/// <item>the share of intervals between usual beats, and over these alone the root mean square and the median of successive differences: ectopic beats show
/// in their shape, and do not count as irregularity;</item>
/// <item>how far the P waves of the last window repeat themselves (<see cref="PWaves"/>), taken as <see cref="UnknownPWaves"/> where that cannot be told.</item>
/// </list>
/// </remarks>
internal static class IntervalFeatures
{
    private const int LeastIntervals = 6, LeastDifferences = 4, LeastUsual = 3, LongestLag = 4;
    private const double Usual = 0.9, Tolerance = 0.03, Cluster = 1.08, Bin = 0.1, Floor = 3e-3;
    private const int Bins = 30;

    /// <summary>Between what fibrillation and other rhythms have.</summary>
    private const double UnknownPWaves = 0.35;

    /// <summary>What the features are called.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["rmssd", "lag", "cosen", "turning", "cluster", "entropy", "mean", "autocorrelation", "trimmed", "usual", "usualRmssd", "usualMedian", "pWaves"];

    /// <summary>The features; null when there are too few intervals to say anything.</summary>
    public static double[]? Of(in BeatIntervals intervals)
    {
        var rr = intervals.Seconds;
        if (rr.Length < LeastIntervals) return null;
        var differences = Differences(intervals, 1);
        if (differences.Length < LeastDifferences) return null;

        Array.Sort(differences);
        double[] sorted = [.. rr.Order()];
        var (mean, median) = (rr.Average(), Median(sorted));
        var trimmed = Math.Log((RootMeanSquare(differences.AsSpan(0, Math.Max(3, differences.Length * 3 / 4))) / median) + Floor);
        var usual = UsualDifferences(intervals);
        Array.Sort(usual);
        var enough = usual.Length >= LeastUsual;
        return
        [
            Math.Log((RootMeanSquare(differences) / mean) + 1e-3),
            Math.Log((LeastLagMedian(intervals, differences) / median) + Floor),
            SampleEntropy(intervals) + Math.Log(2 * Tolerance) - Math.Log(mean),
            TurningPoints(intervals),
            GreatestCluster(sorted),
            Entropy(rr, median),
            Math.Log(mean),
            Autocorrelation(intervals, mean),
            trimmed,
            intervals.Alike.Count(alike => alike >= Usual) / (double)rr.Length,
            enough ? Math.Log((RootMeanSquare(usual) / median) + Floor) : trimmed,
            Math.Log((Median(enough ? usual : differences) / median) + Floor),
            Math.Clamp(intervals.PWaves ?? UnknownPWaves, -0.1, 1),
        ];
    }

    /// <summary>Whether the <paramref name="count"/> intervals before this one and itself follow each other.</summary>
    private static bool Chained(in BeatIntervals intervals, int at, int count)
    {
        if (at < count) return false;
        for (var i = 0; i < count; i++)
            if (!intervals.Follows[at - i])
                return false;
        return true;
    }

    private static double[] Differences(in BeatIntervals intervals, int lag)
    {
        var differences = new List<double>(intervals.Count);
        for (var i = lag; i < intervals.Count; i++)
            if (Chained(intervals, i, lag))
                differences.Add(Math.Abs(intervals.Seconds[i] - intervals.Seconds[i - lag]));
        return [.. differences];
    }

    private static double[] UsualDifferences(in BeatIntervals intervals)
    {
        var differences = new List<double>(intervals.Count);
        for (var i = 1; i < intervals.Count; i++)
            if (intervals.Follows[i] && intervals.Alike[i] >= Usual && intervals.Alike[i - 1] >= Usual)
                differences.Add(Math.Abs(intervals.Seconds[i] - intervals.Seconds[i - 1]));
        return [.. differences];
    }

    private static double LeastLagMedian(in BeatIntervals intervals, double[] sortedDifferences)
    {
        var least = Median(sortedDifferences);
        for (var lag = 2; lag <= LongestLag; lag++)
        {
            var differences = Differences(intervals, lag);
            if (differences.Length < LeastDifferences) continue;
            Array.Sort(differences);
            least = Math.Min(least, Median(differences));
        }

        return least;
    }

    /// <summary>Minus the logarithm of the chance that what follows two like intervals is alike too; half a match is granted, so that it is always defined.</summary>
    private static double SampleEntropy(in BeatIntervals intervals)
    {
        var rr = intervals.Seconds;
        var (like, followed) = (0, 0);
        for (var i = 0; i + 1 < rr.Length; i++)
        {
            if (!intervals.Follows[i + 1]) continue;
            for (var j = i + 1; j + 1 < rr.Length; j++)
            {
                if (!intervals.Follows[j + 1] || Math.Abs(rr[i] - rr[j]) >= Tolerance) continue;
                like++;
                if (Math.Abs(rr[i + 1] - rr[j + 1]) < Tolerance) followed++;
            }
        }

        return -Math.Log((followed + 0.5) / (like + 1));
    }

    private static double TurningPoints(in BeatIntervals intervals)
    {
        var rr = intervals.Seconds;
        var (all, turning) = (0, 0);
        for (var i = 2; i < rr.Length; i++)
        {
            if (!Chained(intervals, i, 2)) continue;
            all++;
            if ((rr[i - 1] - rr[i - 2]) * (rr[i - 1] - rr[i]) > 0) turning++;
        }

        return all == 0 ? 0 : (double)turning / all;
    }

    private static double GreatestCluster(double[] sorted)
    {
        var greatest = 0;
        for (int from = 0, to = 0; from < sorted.Length; from++)
        {
            while (to < sorted.Length && sorted[to] <= sorted[from] * Cluster) to++;
            greatest = Math.Max(greatest, to - from);
        }

        return (double)greatest / sorted.Length;
    }

    private static double Entropy(double[] rr, double median)
    {
        Span<int> counts = stackalloc int[Bins];
        counts.Clear();
        foreach (var interval in rr) counts[Math.Min((int)(interval / median / Bin), Bins - 1)]++;
        var entropy = 0.0;
        foreach (var count in counts)
            if (count > 0)
                entropy -= (double)count / rr.Length * Math.Log((double)count / rr.Length);
        return entropy / Math.Log(Math.Min(rr.Length, Bins));
    }

    private static double Autocorrelation(in BeatIntervals intervals, double mean)
    {
        var rr = intervals.Seconds;
        var (lagged, all) = (0.0, 1e-4 * rr.Length);
        for (var i = 0; i < rr.Length; i++)
        {
            all += (rr[i] - mean) * (rr[i] - mean);
            if (i > 0 && intervals.Follows[i]) lagged += (rr[i] - mean) * (rr[i - 1] - mean);
        }

        return lagged / all;
    }

    private static double RootMeanSquare(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values) sum += value * value;
        return Math.Sqrt(sum / values.Length);
    }

    private static double Median(double[] sorted) => (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
}
