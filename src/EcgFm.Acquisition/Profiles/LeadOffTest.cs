using System.Collections.Immutable;
using EcgFm.Acquisition.Dialogues;

namespace EcgFm.Acquisition.Profiles;

/// <summary>
/// A small current that the board drives through the electrodes on demand, while it measures: the voltage at its frequency tells how well they touch, and is no ECG.
/// </summary>
public sealed record LeadOffTest
{
    /// <summary>The frequency of the current; a wave takes a whole number of samples.</summary>
    public required double Hertz { get; init; }

    /// <summary>Its amplitude, in amperes.</summary>
    public required double Amperes { get; init; }

    /// <summary>What stands between the converter and the electrode on the board itself, in ohms.</summary>
    public double SeriesOhms { get; init; }

    /// <summary>An electrode with more, in ohms, is off.</summary>
    public required double OffOhms { get; init; }

    /// <summary>What is said to the board to have the current flow, before the last of its start, which has it send.</summary>
    public ImmutableArray<DialogueStep> Start { get; init; } = [];

    /// <summary>How many samples a wave takes, of so many a second.</summary>
    public int SamplesOfWave(double sampleRate) => (int)Math.Round(sampleRate / Hertz);
}
