namespace EcgFm.Signal;

/// <summary>The heart rate from beats.</summary>
public static class HeartRate
{
    /// <summary>The mean rate: 60 · (beats − 1) / the time from the first beat to the last.</summary>
    /// <param name="beats">Sample indices of the beats, ascending.</param>
    /// <param name="sampleRate">Samples per second.</param>
    /// <returns>Beats per minute, or null when there are fewer than two beats.</returns>
    public static double? Of(ReadOnlySpan<int> beats, double sampleRate = 500) =>
        beats.Length < 2 || beats[^1] <= beats[0] ? null : 60 * sampleRate * (beats.Length - 1) / (beats[^1] - beats[0]);
}
