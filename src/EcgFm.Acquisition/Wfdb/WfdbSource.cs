using System.Reactive.Concurrency;
using EcgFm.Core;

namespace EcgFm.Acquisition.Wfdb;

/// <summary>Plays a WFDB record as if it were being recorded now.</summary>
/// <remarks>
/// Channel names are the record's own (<c>MLII</c>, <c>ECG</c>). The first sample's time is the record's base date and time if it has both,
/// else <paramref name="start"/>, else the moment of the subscription.
/// </remarks>
/// <param name="record">The record.</param>
/// <param name="speed">How fast.</param>
/// <param name="blockDuration">The time that a block spans; 40 ms unless given.</param>
/// <param name="start">The time of the first sample for a record without date.</param>
/// <param name="scheduler">The clock that paces the blocks, and where they are pushed.</param>
public sealed class WfdbSource(WfdbRecord record, PlaybackSpeed speed = default, TimeSpan? blockDuration = null, DateTimeOffset? start = null, IScheduler? scheduler = null) : IEcgSource
{
    /// <inheritdoc/>
    public string Name => record.Name;

    /// <inheritdoc/>
    /// <remarks>Ends with a <see cref="WfdbException"/> when a file is missing, too short or has a wrong checksum.</remarks>
    public IObservable<EcgBlock> Blocks()
    {
        var length = Playback.BlockLength(blockDuration ?? Playback.DefaultBlockDuration, record.SampleRate);
        return Playback.Play(now => new Reader(record.OpenReader(), length, record.Header.Start ?? start ?? now), speed, scheduler ?? DefaultScheduler.Instance);
    }

    private sealed class Reader(WfdbReader reader, int length, DateTimeOffset first) : IBlockReader
    {
        public EcgBlock? Next() => reader.ReadBlock(length, first);

        public void Dispose() => reader.Dispose();
    }
}
