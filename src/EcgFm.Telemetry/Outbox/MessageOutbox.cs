using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EcgFm.Telemetry.Outbox;

/// <summary>Messages on disk, in order, until the broker has acknowledged each; beside them what must be remembered over a restart. Safe to use from any thread.</summary>
/// <remarks>
/// A disk that fails never fails the caller: messages are then kept in memory, behind those on the disk, and go to the disk as soon as it takes them again.
/// A damaged file is kept aside, with the time in its name, and a new one begun.
/// </remarks>
public sealed class MessageOutbox : IDisposable
{
    private const string Probe = "outbox/probe";

    /// <summary>A disk that failed is left alone for so long.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>A disk on which nothing is written is tried so often.</summary>
    private static readonly TimeSpan ProbeAfter = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly OutboxStore _memory = new(":memory:");
    private readonly Dictionary<string, byte[]> _state = [];
    private readonly HashSet<string> _unsaved = [];
    private readonly string? _path;
    private readonly OutboxLimits _limits;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly DateTimeOffset _opened;
    private readonly long _openedAt;
    private OutboxStore? _disk;
    private string? _fault;
    private string? _setAside;
    private long _discarded;
    private long _failed;
    private long _written;

    private MessageOutbox(string? path, OutboxLimits limits, TimeProvider time, ILogger logger)
    {
        (_path, _limits, _time, _logger) = (path, limits, time, logger);
        (_opened, _openedAt) = (time.GetUtcNow(), time.GetTimestamp());
        Write([]);
    }

    /// <summary>Opens the outbox in this file, or makes it. Where that cannot be done it begins in memory, see <see cref="Condition"/>, and tries again.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="limits">How much it keeps; <see cref="OutboxLimits.Default"/> unless given.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">One line when the disk fails, one when it is well again, one for each discard.</param>
    public static MessageOutbox Open(string path, OutboxLimits? limits = null, TimeProvider? time = null, ILogger? logger = null) =>
        new(path, limits ?? OutboxLimits.Default, time ?? TimeProvider.System, logger ?? NullLogger.Instance);

    /// <summary>An outbox that ends with the process, for replays and demonstrations.</summary>
    public static MessageOutbox InMemory(OutboxLimits? limits = null, TimeProvider? time = null, ILogger? logger = null) =>
        new(null, limits ?? OutboxLimits.Default, time ?? TimeProvider.System, logger ?? NullLogger.Instance);

    /// <summary>How many messages wait.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return (_disk?.Count ?? 0) + _memory.Count;
        }
    }

    /// <summary>How it is.</summary>
    public OutboxCondition Condition
    {
        get
        {
            lock (_gate) return new((_disk?.Count ?? 0) + _memory.Count, Math.Min(1, (double)((_disk?.Bytes ?? 0) + _memory.Bytes) / _limits.Bytes), _discarded, _fault, _setAside);
        }
    }

    /// <summary>Stores messages and state together: after a crash all of them are there, or none.</summary>
    public void Add(IReadOnlyCollection<OutboxMessage> messages, params IReadOnlyCollection<StoredState> state)
    {
        lock (_gate)
        {
            Remember(state);
            Write(messages);
        }
    }

    /// <summary>What was stored under this key, before a restart too; null when there is nothing.</summary>
    public byte[]? State(string key)
    {
        lock (_gate) return _state.GetValueOrDefault(key);
    }

    /// <summary>The keys under which something is stored and that begin so.</summary>
    public IReadOnlyList<string> StateKeys(string prefix)
    {
        lock (_gate) return [.. _state.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }

    /// <summary>The message that has waited longest, or null.</summary>
    public StoredMessage? Peek()
    {
        lock (_gate)
        {
            StoredMessage? first = null;
            if (_disk is { Count: > 0 }) OnDisk(disk => first = disk.Peek(), anew: false);
            return first ?? _memory.Peek();
        }
    }

    /// <summary>The broker has acknowledged the message: it is not sent again unless the link breaks soon.</summary>
    public void Acknowledge(StoredMessage message)
    {
        lock (_gate)
        {
            if (message.Origin == _memory) _memory.Acknowledge(message.Number, _time.GetTimestamp());
            else if (message.Origin == _disk) OnDisk(disk => disk.Acknowledge(message.Number, _time.GetTimestamp()), anew: false);
        }
    }

    /// <summary>The broker does not take the message, and never will: it counts as discarded.</summary>
    public void GiveUp(StoredMessage message)
    {
        lock (_gate)
        {
            // Passed over first: a disk that does not let go of it holds nothing up.
            Acknowledge(message);
            if (message.Origin == _memory) _memory.Delete(message.Number);
            else if (message.Origin == _disk) OnDisk(disk => disk.Delete(message.Number), anew: false);
            _discarded++;
        }
    }

    /// <summary>
    /// The link broke: what was acknowledged and has not been swept yet is to be sent again, for a broker that died may have lost what it had acknowledged
    /// and not yet written to its own disk.
    /// </summary>
    public void Rewind()
    {
        lock (_gate)
        {
            OnDisk(disk => disk.Rewind(), anew: false);
            _memory.Rewind();
        }
    }

    /// <summary>What is to be done now and then: forgets what was acknowledged longer ago than this, discards what is too old, and sees whether the disk takes something.</summary>
    public void Tend(TimeSpan acknowledgedFor)
    {
        lock (_gate)
        {
            var before = _time.GetTimestamp() - (long)(acknowledgedFor.TotalSeconds * _time.TimestampFrequency);
            _memory.Sweep(before);
            OnDisk(disk => disk.Sweep(before), anew: false);
            if (_time.GetElapsedTime(_written) >= (_fault is null ? ProbeAfter : RetryAfter)) Write([]);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _disk?.Dispose();
            _memory.Dispose();
        }
    }

    private void Remember(IEnumerable<StoredState> state)
    {
        foreach (var (key, value) in state)
        {
            if (value is null) _state.Remove(key);
            else _state[key] = value;
            _unsaved.Add(key);
        }
    }

    private IEnumerable<StoredState> Unsaved() => _unsaved.Select(key => new StoredState(key, _state.GetValueOrDefault(key)));

    /// <summary>
    /// What ages are judged by: the clock, or the time that has passed since the start, whichever makes messages younger. A clock that is set, as that of a box without
    /// one of its own is when its network comes up, makes nothing old that was stored a moment ago.
    /// </summary>
    private DateTimeOffset Now => _time.GetUtcNow() is var clock && _opened + _time.GetElapsedTime(_openedAt) is var steady && steady < clock ? steady : clock;

    /// <summary>On the disk with what it did not take before, or else in memory.</summary>
    private void Write(IReadOnlyCollection<OutboxMessage> messages)
    {
        var failed = _fault is not null;
        var stored = !(failed && _time.GetElapsedTime(_failed) < RetryAfter) && OnDisk(
            disk =>
            {
                // A disk that was full may have room for nothing but this little: it is well again when it takes more than that.
                if (failed) disk.Write([], [new(Probe, new byte[1 << 16])], _limits, Now);
                var waiting = _memory.All().Select(stored => stored.Message);
                Note(disk.Write([.. waiting, .. messages], [.. Unsaved(), new(Probe, [])], _limits, Now));
                _unsaved.Clear();
                if (_memory.Bytes > 0) _memory.Clear();
            },
            anew: failed || _disk is null);
        if (!stored)
        {
            Note(_memory.Write(messages, [], _limits, Now));
            return;
        }

        _written = _time.GetTimestamp();
        if (failed) _logger.LogInformation("The outbox {Path} takes messages again.", _path);
        _fault = null;
    }

    /// <summary>Does something with the disk, or says why it cannot be done; it never throws for the disk's sake.</summary>
    private bool OnDisk(Action<OutboxStore> action, bool anew)
    {
        if (_path is null) return false;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (anew || attempt > 1) Open(_path);
                if (_disk is null) return false;
                action(_disk);
                return true;
            }
            catch (SqliteException damaged) when (attempt == 1 && damaged.SqliteErrorCode is SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB)
            {
                if (!SetAside(_path, damaged)) return false;
            }
            catch (SqliteException fault)
            {
                Fail(fault);
                return false;
            }
        }
    }

    private void Open(string path)
    {
        if (_disk is not null)
        {
            _disk.Reopen();
            return;
        }

        _disk = new OutboxStore(path);
        foreach (var (key, value) in _disk.State())
            if (key != Probe && !_unsaved.Contains(key))
                _state.TryAdd(key, value);
    }

    private bool SetAside(string path, SqliteException damaged)
    {
        _disk?.Dispose();
        _disk = null;
        // A new file knows nothing of what is remembered.
        _unsaved.UnionWith(_state.Keys);
        var name = $"{path}.corrupt-{_time.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}";
        try
        {
            foreach (var part in new[] { "", "-wal", "-shm" })
                if (File.Exists(path + part))
                    File.Move(path + part, name + part, overwrite: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Fail(fault);
            return false;
        }

        _setAside = name;
        _logger.LogError("The outbox {Path} is damaged: {Fault} It was moved to {Name}, and a new one begins; what waited in it was not delivered.", path, damaged.Message, name);
        return true;
    }

    private void Fail(Exception fault)
    {
        if (_fault is null) _logger.LogError("The outbox {Path} takes nothing: {Fault} Messages are kept in memory until it does.", _path, fault.Message);
        (_fault, _failed) = (fault.Message, _time.GetTimestamp());
    }

    private void Note(int discarded)
    {
        if (discarded == 0) return;
        _discarded += discarded;
        _logger.LogError("The outbox was full: {Count} messages were discarded, the oldest of the least important.", discarded);
    }
}
