using EcgFm.Core;

namespace EcgFm.Telemetry.Messages;

/// <summary>What the intervals between the beats alone say.</summary>
/// <param name="AtrialFibrillation">The probability of atrial fibrillation.</param>
/// <param name="Intervals">How many intervals it rests on.</param>
/// <param name="Seconds">Over how long they were gathered, back from the end of the window.</param>
public sealed record BeatsMessage(float AtrialFibrillation, int Intervals, double Seconds)
{
    /// <summary>The message for what the beats say.</summary>
    public static BeatsMessage From(BeatRhythm rhythm) => new(MathF.Round(rhythm.AtrialFibrillation, 5), rhythm.Intervals, rhythm.Span.TotalSeconds);
}
