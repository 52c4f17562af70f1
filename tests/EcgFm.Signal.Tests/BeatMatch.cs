namespace EcgFm.Signal.Tests;

/// <summary>Found beats against reference beats, one to one, within 150 ms as WFDB's <c>bxb</c> does.</summary>
internal readonly record struct BeatMatch(int True, int False, int Missed)
{
    private const double Reach = 0.15;

    public double Sensitivity => True / (double)(True + Missed);

    public double Predictivity => True / (double)(True + False);

    public static BeatMatch operator +(BeatMatch a, BeatMatch b) => new(a.True + b.True, a.False + b.False, a.Missed + b.Missed);

    /// <param name="reference">Seconds, ascending.</param>
    /// <param name="found">Seconds, ascending.</param>
    public static BeatMatch Of(IReadOnlyList<double> reference, IReadOnlyList<double> found)
    {
        var (i, j, matched) = (0, 0, 0);
        while (i < reference.Count && j < found.Count)
        {
            var apart = found[j] - reference[i];
            if (apart > Reach) i++;
            else if (apart < -Reach) j++;
            else if (j + 1 < found.Count && Math.Abs(found[j + 1] - reference[i]) < Math.Abs(apart)) j++;
            else if (i + 1 < reference.Count && Math.Abs(found[j] - reference[i + 1]) < Math.Abs(apart)) i++;
            else
            {
                matched++;
                i++;
                j++;
            }
        }

        return new BeatMatch(matched, found.Count - matched, reference.Count - matched);
    }
}
