using System.Reactive.Concurrency;
using EcgFm.Core;

namespace EcgFm.Acquisition.Simulation;

/// <summary>Plays a simulated patient: twelve standard leads.</summary>
/// <param name="script">What the patient goes through.</param>
/// <param name="seed">Which patient.</param>
/// <param name="sampleRate">Samples per second and lead.</param>
/// <param name="speed">How fast.</param>
/// <param name="noise">Disturbances where the script names none; <see cref="NoiseLevels.Quiet"/> unless given.</param>
/// <param name="blockDuration">The time that a block spans; 40 ms unless given.</param>
/// <param name="start">The time of the first sample; the moment of the subscription unless given.</param>
/// <param name="scheduler">The clock that paces the blocks, and where they are pushed.</param>
public sealed class SimulatorSource(
    RhythmScript script,
    int seed = 1,
    double sampleRate = 500,
    PlaybackSpeed speed = default,
    NoiseLevels? noise = null,
    TimeSpan? blockDuration = null,
    DateTimeOffset? start = null,
    IScheduler? scheduler = null) : IEcgSource
{
    /// <inheritdoc/>
    public string Name => "simulator";

    /// <inheritdoc/>
    public IObservable<EcgBlock> Blocks()
    {
        var length = Playback.BlockLength(blockDuration ?? Playback.DefaultBlockDuration, sampleRate);
        return Playback.Play(
            now => new Reader(new SimulatedEcg(script, seed, sampleRate, noise) { KeepsAnnotations = false }, length, start ?? now),
            speed,
            scheduler ?? DefaultScheduler.Instance);
    }

    private sealed class Reader(SimulatedEcg ecg, int length, DateTimeOffset first) : IBlockReader
    {
        public EcgBlock? Next() => ecg.ReadBlock(length, first);

        public void Dispose()
        {
            // There is nothing to close.
        }
    }
}
