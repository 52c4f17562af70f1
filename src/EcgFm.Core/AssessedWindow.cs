using System.Collections.Immutable;

namespace EcgFm.Core;

/// <summary>A window with the judgement of its quality and its rhythm as the beats show it.</summary>
/// <param name="Window">The ten seconds.</param>
/// <param name="Quality">Whether they are fit for analysis.</param>
/// <param name="HeartRate">Beats per minute over the window, or null when too few beats were found.</param>
public sealed record AssessedWindow(EcgWindow Window, SignalQuality Quality, double? HeartRate)
{
    /// <summary>The R peaks that the heart rate rests on, as sample indices in the window; none when no lead is good enough.</summary>
    public ImmutableArray<int> Beats { get; init; } = [];

    /// <summary>How alike each beat is to the window's usual one, −1 to 1: the mean correlation over the good leads. Ectopic and paced beats among others are unlike.</summary>
    public ImmutableArray<float> BeatLikeness { get; init; } = [];

    /// <summary>
    /// How far what stands before the beats, where the P wave is, repeats itself: 1 is the same before every beat, 0 no more than chance; null where that cannot be told.
    /// </summary>
    public float? PWaveRepetition { get; init; }

    /// <summary>
    /// How long before the end of the window the last beat was, ten seconds where there is none; null where that cannot be told, for no lead is on and quiet
    /// enough to see one.
    /// </summary>
    public TimeSpan? SinceBeat { get; init; }

    /// <summary>What the beats alone say of the rhythm, over this window and those before it; null where there are too few.</summary>
    public BeatRhythm? Rhythm { get; init; }
}
