using System.Threading.Channels;
using EcgFm.Acquisition.Wfdb;
using EcgFm.Core;

namespace EcgFm.Acquisition.Recording;

/// <summary>Records one bed continuously as WFDB: format 16, a file for each hour, alerts and gaps as annotations. The flow never waits for the disk.</summary>
/// <remarks>
/// What was handed over is with the system at once and on the disk every <see cref="SyncPeriod"/>; a power cut takes no more than that. A record without
/// its end is a valid one: the header comes first and leaves the length open. When nothing can be written, samples are dropped and counted, and it is tried again.
/// </remarks>
public sealed class EcgRecorder : IAsyncDisposable
{
    /// <summary>How often the disk is made to have everything.</summary>
    public static readonly TimeSpan SyncPeriod = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MakeRoomEvery = TimeSpan.FromMinutes(1);

    private readonly RecordingFolder _folder;
    private readonly TimeProvider _time;
    private readonly IObserver<RecordingEvent>? _events;
    private readonly ContinuousRecord _record;
    private readonly Channel<Action<ContinuousRecord>>? _queue;
    private readonly Task _writing;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private DateTimeOffset? _retryAt;
    private DateTimeOffset _roomAt;
    private bool _disposed;
    private long _dropped;

    /// <param name="folder">Where to.</param>
    /// <param name="bed">The bed: a position, never a patient.</param>
    /// <param name="inStep">Whether each block is written before the next one is taken, as a replay wants it; a live flow is not to wait.</param>
    /// <param name="queue">How many blocks may wait for a slow disk; what comes then is dropped.</param>
    /// <param name="time">The clock.</param>
    /// <param name="events">Hears when recording fails and when it goes on, on whichever thread finds out; never completed here.</param>
    public EcgRecorder(RecordingFolder folder, string bed, bool inStep = false, int queue = 1500, TimeProvider? time = null, IObserver<RecordingEvent>? events = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        (_folder, _time, _events) = (folder, time ?? TimeProvider.System, events);
        _record = new ContinuousRecord(folder, bed);
        _roomAt = _time.GetUtcNow() + MakeRoomEvery;
        if (!inStep) _queue = Channel.CreateBounded<Action<ContinuousRecord>>(new BoundedChannelOptions(queue) { SingleReader = true });
        _writing = _queue is null ? Task.CompletedTask : Task.Run(DrainAsync);
        _timer = _time.CreateTimer(_ => Sync(), null, SyncPeriod, SyncPeriod);
    }

    /// <summary>Blocks and notes that were not recorded, because the disk was too slow or could not be written. They are gaps in the recording.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Records a block.</summary>
    public void Write(EcgBlock block) => Hand(record => record.Write(block));

    /// <summary>Notes something at a time.</summary>
    public void Annotate(DateTimeOffset time, string text) => Hand(record => record.Annotate(time, AnnotationCode.Note, text));

    /// <summary>Notes a step of an alert; one about a rhythm is a change of rhythm too, from its onset on.</summary>
    public void Annotate(Alert alert)
    {
        ArgumentNullException.ThrowIfNull(alert);
        var (time, text) = AlertNotes.Note(alert);
        Hand(record =>
        {
            if (AlertNotes.Rhythm(alert) is var (since, rhythm)) record.Annotate(since, AnnotationCode.Rhythm, rhythm);
            record.Annotate(time, AnnotationCode.Note, text);
        });
    }

    /// <summary>Writes what waits and completes the record.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue?.Writer.TryComplete();
        await _writing.ConfigureAwait(false);
        await _timer.DisposeAsync().ConfigureAwait(false);
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            Attempt(record => record.Dispose());
        }
    }

    private void Hand(Action<ContinuousRecord> write)
    {
        if (_queue is null) Apply(write);
        else if (!_queue.Writer.TryWrite(write)) Interlocked.Increment(ref _dropped);
    }

    private async Task DrainAsync()
    {
        await foreach (var write in _queue!.Reader.ReadAllAsync().ConfigureAwait(false)) Apply(write);
    }

    private void Apply(Action<ContinuousRecord> write)
    {
        lock (_gate)
        {
            if (_time.GetUtcNow() < _retryAt || !Attempt(write))
            {
                Interlocked.Increment(ref _dropped);
                return;
            }

            if (_retryAt is null) return;
            _retryAt = null;
            _events?.OnNext(new RecordingEvent.Resumed(_time.GetUtcNow()));
        }
    }

    private void Sync()
    {
        lock (_gate)
        {
            if (_disposed || _retryAt is not null) return;
            _ = Attempt(record =>
            {
                record.Sync();
                if (_time.GetUtcNow() < _roomAt || !Directory.Exists(_folder.Path)) return;
                _roomAt = _time.GetUtcNow() + MakeRoomEvery;
                _folder.MakeRoom();
            });
        }
    }

    private bool Attempt(Action<ContinuousRecord> write)
    {
        try
        {
            write(_record);
            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            var now = _time.GetUtcNow();
            if (_retryAt is null)
                _events?.OnNext(new RecordingEvent.Failed(now,
                    $"{_folder.Path}: the recording cannot be written ({fault.Message.TrimEnd('.')}). Monitoring goes on. Check the disk's free space and the folder's permissions; it is tried again every {RetryAfter.TotalSeconds:0} s."));
            _retryAt = now + RetryAfter;
            return false;
        }
    }
}
