namespace EcgFm.Signal.Rhythm;

/// <summary>Intervals between beats, in order.</summary>
/// <param name="Seconds">The length of each.</param>
/// <param name="Alike">How alike the less usual of its two beats is to the usual one (<see cref="Core.AssessedWindow.BeatLikeness"/>).</param>
/// <param name="Follows">Whether it begins with the beat that the interval before it ends with; false after a gap.</param>
/// <param name="Span">From the first beat to the end of the last window.</param>
/// <param name="PWaves">How far the P waves of the last window repeat themselves (<see cref="Core.AssessedWindow.PWaveRepetition"/>); null where that is not known.</param>
internal readonly record struct BeatIntervals(double[] Seconds, double[] Alike, bool[] Follows, TimeSpan Span, float? PWaves = null)
{
    /// <summary>How many there are.</summary>
    public int Count => Seconds.Length;
}
