namespace EcgFm.Evaluation;

/// <summary>Compares episodes as WFDB's <c>epicmp</c> does for atrial fibrillation (ANSI/AAMI EC38 and EC57).</summary>
/// <remarks>
/// What comes before the end of the learning period is cut off. Sensitivity and positive predictivity are separate passes: an episode is found, or right,
/// when any of it overlaps an episode of the other side, however many. In the second pass what lies in an exclusion (the reference's atrial flutter) is cut
/// off too, and a test episode that lies in one altogether does not count.
/// </remarks>
public static class EpisodeComparison
{
    /// <summary>The learning period of the standards: five minutes.</summary>
    public const double LearningSeconds = 300;

    /// <summary>Compares the episodes of one record.</summary>
    /// <param name="reference">The truth, in order; episodes do not overlap each other.</param>
    /// <param name="test">What is judged, in order; episodes do not overlap each other.</param>
    /// <param name="excluded">Where a test episode is neither right nor wrong, in order.</param>
    /// <param name="from">The end of the learning period, in seconds.</param>
    /// <param name="to">The end of the record.</param>
    public static EpisodeFigures Compare(IReadOnlyList<Episode> reference, IReadOnlyList<Episode> test, IReadOnlyList<Episode> excluded, double from, double to)
    {
        var (episodes, found, seconds, overlap) = Pass(reference, test, [], from, to);
        var (tests, right, testSeconds, testOverlap) = Pass(test, reference, excluded, from, to);
        return new(episodes, found, tests, right, seconds, overlap, testSeconds, testOverlap);
    }

    private static (int Episodes, int Matched, double Seconds, double Overlap) Pass(
        IReadOnlyList<Episode> judged, IReadOnlyList<Episode> others, IReadOnlyList<Episode> excluded, double from, double to)
    {
        var (episodes, matched, seconds, common) = (0, 0, 0.0, 0.0);
        foreach (var whole in judged)
        {
            var episode = new Episode(Math.Max(whole.Start, from), Math.Min(whole.End, to));
            var duration = episode.Duration - excluded.Sum(episode.Overlap);
            if (episode.Duration <= 0 || duration <= 0) continue;

            // The reference's own rhythms do not overlap: nothing of an exclusion is in the overlap.
            var overlap = others.Sum(episode.Overlap);
            episodes++;
            if (overlap > 0) matched++;
            seconds += duration;
            common += overlap;
        }

        return (episodes, matched, seconds, common);
    }
}
