namespace EcgFm.Evaluation;

/// <summary>A stretch of time in which a condition holds.</summary>
/// <param name="Start">When it begins, in seconds since the record began.</param>
/// <param name="End">When it has ended.</param>
public readonly record struct Episode(double Start, double End)
{
    /// <summary>Seconds.</summary>
    public double Duration => End - Start;

    /// <summary>Seconds that two episodes have in common.</summary>
    public double Overlap(Episode other) => Math.Max(0, Math.Min(End, other.End) - Math.Max(Start, other.Start));
}
