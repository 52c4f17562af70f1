namespace EcgFm.Evaluation;

/// <summary>What a comparison of episodes counts; sums over records are WFDB's gross statistics.</summary>
/// <param name="ReferenceEpisodes">Episodes of the reference …</param>
/// <param name="ReferenceFound">… that a test episode overlaps.</param>
/// <param name="TestEpisodes">Episodes of the test …</param>
/// <param name="TestRight">… that overlap one of the reference.</param>
/// <param name="ReferenceSeconds">Seconds of the reference's episodes …</param>
/// <param name="ReferenceOverlap">… that lie in test episodes.</param>
/// <param name="TestSeconds">Seconds of the test's episodes …</param>
/// <param name="TestOverlap">… that lie in the reference's.</param>
public readonly record struct EpisodeFigures(
    int ReferenceEpisodes, int ReferenceFound, int TestEpisodes, int TestRight,
    double ReferenceSeconds, double ReferenceOverlap, double TestSeconds, double TestOverlap)
{
    /// <summary>The share of the reference's episodes that were found; NaN when there are none.</summary>
    public double EpisodeSensitivity => (double)ReferenceFound / ReferenceEpisodes;

    /// <summary>The share of the test's episodes that were right; NaN when there are none.</summary>
    public double EpisodePredictivity => (double)TestRight / TestEpisodes;

    /// <summary>The share of the reference's time that was found; NaN when there is none.</summary>
    public double DurationSensitivity => ReferenceOverlap / ReferenceSeconds;

    /// <summary>The share of the test's time that was right; NaN when there is none.</summary>
    public double DurationPredictivity => TestOverlap / TestSeconds;

    /// <summary>The counts of two records together.</summary>
    public static EpisodeFigures operator +(EpisodeFigures a, EpisodeFigures b) => new(
        a.ReferenceEpisodes + b.ReferenceEpisodes, a.ReferenceFound + b.ReferenceFound, a.TestEpisodes + b.TestEpisodes, a.TestRight + b.TestRight,
        a.ReferenceSeconds + b.ReferenceSeconds, a.ReferenceOverlap + b.ReferenceOverlap, a.TestSeconds + b.TestSeconds, a.TestOverlap + b.TestOverlap);
}
