namespace EcgFm.Core;

/// <summary>What the intervals between the beats, and whether P waves stand before them, say of the rhythm: a second opinion beside the network's.</summary>
/// <param name="AtrialFibrillation">The probability of atrial fibrillation.</param>
/// <param name="Intervals">How many intervals it rests on.</param>
/// <param name="Span">Over which time they were gathered, back from the end of the window; longer than the window where the ones before it were fit for analysis too.</param>
public sealed record BeatRhythm(float AtrialFibrillation, int Intervals, TimeSpan Span);
