using Microsoft.Data.Sqlite;

namespace EcgFm.Telemetry.Outbox;

/// <summary>The tables of an outbox, in a file or in memory. Whoever uses it holds a lock; what SQLite cannot do comes out as its exception.</summary>
internal sealed class OutboxStore : IDisposable
{
    private const int Version = 2;

    /// <summary>The time stamp of a message that has been acknowledged often enough.</summary>
    private const long Enough = long.MinValue;

    /// <summary>What the broker has acknowledged stands here until it is swept: it may have to be sent again.</summary>
    private readonly Queue<(long Number, long Acknowledged)> _acknowledged = new();
    private readonly string _dataSource;
    private SqliteConnection _connection;
    private long _sent;
    private long _resentOnce;
    private long _resentTwice;

    static OutboxStore() => SQLitePCL.Batteries_V2.Init();

    public OutboxStore(string dataSource)
    {
        _dataSource = dataSource;
        _connection = Connect(dataSource);
        (Count, Bytes) = Measure();
    }

    /// <summary>How many messages are not acknowledged.</summary>
    public int Count { get; private set; }

    /// <summary>The bytes of all payloads.</summary>
    public long Bytes { get; private set; }

    /// <summary>Opens the file anew: one that was read-only stays so for a connection, whatever becomes of the disk.</summary>
    public void Reopen()
    {
        var fresh = Connect(_dataSource);
        _connection.Dispose();
        _connection = fresh;
        (Count, Bytes) = Measure();
    }

    /// <summary>Stores messages and state together, and brings the outbox back within its limits: after a crash all of that has happened, or none.</summary>
    /// <returns>How many messages had to be discarded.</returns>
    public int Write(IEnumerable<OutboxMessage> messages, IEnumerable<StoredState> state, OutboxLimits limits, DateTimeOffset now)
    {
        using var transaction = _connection.BeginTransaction();
        var (count, bytes, discarded) = (Count, Bytes, 0);
        foreach (var message in messages)
        {
            if (message.Retain) Delete("topic = $topic AND retain = 1", ref count, ref bytes, ("$topic", message.Topic));
            (count, bytes) = (count + 1, bytes + message.Payload.Length);
            Run(
                "INSERT INTO message (topic, payload, retain, stored, priority) VALUES ($topic, $payload, $retain, $stored, $priority)",
                ("$topic", message.Topic),
                ("$payload", message.Payload),
                ("$retain", message.Retain),
                ("$stored", message.Stored.ToUnixTimeMilliseconds()),
                ("$priority", (int)message.Priority));
        }

        foreach (var (key, value) in state)
        {
            if (value is null) Run("DELETE FROM state WHERE key = $key", ("$key", key));
            else Run("INSERT INTO state (key, value) VALUES ($key, $value) ON CONFLICT (key) DO UPDATE SET value = $value", ("$key", key), ("$value", value));
        }

        discarded += Delete("retain = 0 AND number > $sent AND stored < $oldest", ref count, ref bytes, ("$sent", _sent), ("$oldest", (now - limits.Age).ToUnixTimeMilliseconds()));
        // Under pressure what was acknowledged goes first, then the oldest of the least important, in bites.
        if (bytes > limits.Bytes) Delete("number <= $sent", ref count, ref bytes, ("$sent", _sent));
        while (bytes > limits.Bytes)
        {
            var before = discarded;
            foreach (var (number, size) in Expendable())
            {
                if (bytes <= limits.Bytes) break;
                Run("DELETE FROM message WHERE number = $number", ("$number", number));
                (count, bytes, discarded) = (count - 1, bytes - size, discarded + 1);
            }

            if (discarded == before) break;
        }

        transaction.Commit();
        (Count, Bytes) = (count, bytes);
        return discarded;
    }

    /// <summary>The message that has waited longest, or null.</summary>
    public StoredMessage? Peek() => Messages("LIMIT 1").FirstOrDefault();

    /// <summary>All messages that are not acknowledged, in order.</summary>
    public IReadOnlyList<StoredMessage> All() => [.. Messages("")];

    /// <summary>What is remembered.</summary>
    public Dictionary<string, byte[]> State()
    {
        var state = new Dictionary<string, byte[]>();
        using var command = Command("SELECT key, value FROM state");
        using var row = command.ExecuteReader();
        while (row.Read()) state[row.GetString(0)] = row.GetFieldValue<byte[]>(1);
        return state;
    }

    /// <summary>The broker has acknowledged this message, the first of all.</summary>
    public void Acknowledge(long number, long timestamp)
    {
        if (number <= _sent) return;
        _sent = number;
        _acknowledged.Enqueue((number, number <= _resentTwice ? Enough : timestamp));
        // A newer one may have taken its place while it was under way.
        using var command = Command("SELECT 1 FROM message WHERE number = $number", ("$number", number));
        if (command.ExecuteScalar() is not null) Count--;
    }

    /// <summary>Forgets this message.</summary>
    public void Delete(long number)
    {
        var (count, bytes) = (Count, Bytes);
        Delete("number = $number", ref count, ref bytes, ("$number", number));
        (Count, Bytes) = (count, bytes);
    }

    /// <summary>What was acknowledged and not yet swept is to be sent again; twice at most, or a link that breaks every few seconds would carry nothing else.</summary>
    public void Rewind()
    {
        if (_acknowledged.All(message => message.Acknowledged == Enough)) return;
        (_resentTwice, _resentOnce) = (_resentOnce, _sent);
        _sent = _acknowledged.First(message => message.Acknowledged != Enough).Number - 1;
        var enough = _acknowledged.TakeWhile(message => message.Number <= _sent).ToList();
        _acknowledged.Clear();
        foreach (var message in enough) _acknowledged.Enqueue(message);
        (Count, Bytes) = Measure();
    }

    /// <summary>Deletes what was acknowledged before the time stamp.</summary>
    public void Sweep(long before)
    {
        long? last = null;
        foreach (var (number, acknowledged) in _acknowledged)
        {
            if (acknowledged > before) break;
            last = number;
        }

        if (last is not { } end) return;
        var (count, bytes) = (Count, Bytes);
        Delete("number <= $end", ref count, ref bytes, ("$end", end));
        (Count, Bytes) = (count, bytes);
        while (_acknowledged.TryPeek(out var first) && first.Number <= end) _acknowledged.Dequeue();
    }

    /// <summary>Deletes everything.</summary>
    public void Clear()
    {
        // One that is still under way is not to be mistaken for a later one.
        if (Number(_connection, "SELECT COALESCE(MAX(number), 0) FROM message") is var last && last > _sent) _sent = last;
        Run("DELETE FROM message; DELETE FROM state;");
        _acknowledged.Clear();
        (Count, Bytes) = (0, 0);
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private static SqliteConnection Connect(string dataSource)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = dataSource, Pooling = false }.ToString());
        try
        {
            connection.Open();
            // FULL: a message that was announced is on the disk, even when the power fails.
            Run(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
            var check = Command(connection, "PRAGMA quick_check(1)").ExecuteScalar() as string;
            if (check != "ok") throw new SqliteException($"{check}.", SQLitePCL.raw.SQLITE_CORRUPT);
            // The first version had no priorities and no state.
            var version = Number(connection, "PRAGMA user_version");
            if (version == 0 && Number(connection, "SELECT COUNT(*) FROM sqlite_schema WHERE name = 'message'") > 0)
                Run(connection, $"ALTER TABLE message ADD COLUMN priority INTEGER NOT NULL DEFAULT {(int)MessagePriority.Medium};");
            if (version < Version)
                Run(connection, $"""
                    CREATE TABLE IF NOT EXISTS message (number INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, payload BLOB NOT NULL,
                        retain INTEGER NOT NULL, stored INTEGER NOT NULL, priority INTEGER NOT NULL);
                    CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, value BLOB NOT NULL);
                    CREATE INDEX IF NOT EXISTS message_list ON message (topic) WHERE retain = 1;
                    CREATE INDEX IF NOT EXISTS message_age ON message (stored);
                    CREATE INDEX IF NOT EXISTS message_worth ON message (priority, number) WHERE retain = 0;
                    PRAGMA user_version = {Version};
                    """);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The oldest of the least important, some at a time.</summary>
    private List<(long Number, long Size)> Expendable()
    {
        var found = new List<(long, long)>();
        using var command = Command("SELECT number, length(payload) FROM message WHERE retain = 0 ORDER BY priority, number LIMIT 64");
        using var row = command.ExecuteReader();
        while (row.Read()) found.Add((row.GetInt64(0), row.GetInt64(1)));
        return found;
    }

    /// <summary>Deletes messages, keeps the count of the unacknowledged and the bytes, and says how many went.</summary>
    private int Delete(string condition, ref int count, ref long bytes, params ReadOnlySpan<(string Name, object Value)> values)
    {
        var deleted = 0;
        using var command = Command($"DELETE FROM message WHERE {condition} RETURNING number, length(payload)", values);
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            if (row.GetInt64(0) > _sent) count--;
            bytes -= row.GetInt64(1);
            deleted++;
        }

        return deleted;
    }

    private (int Count, long Bytes) Measure()
    {
        using var command = Command("SELECT COUNT(*) FILTER (WHERE number > $sent), COALESCE(SUM(length(payload)), 0) FROM message", ("$sent", _sent));
        using var row = command.ExecuteReader();
        row.Read();
        return (row.GetInt32(0), row.GetInt64(1));
    }

    private IEnumerable<StoredMessage> Messages(string limit)
    {
        using var command = Command($"SELECT number, topic, payload, retain, stored, priority FROM message WHERE number > $sent ORDER BY number {limit}", ("$sent", _sent));
        using var row = command.ExecuteReader();
        while (row.Read())
            yield return new(this, row.GetInt64(0), new(row.GetString(1), row.GetFieldValue<byte[]>(2), row.GetBoolean(3), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4)), (MessagePriority)row.GetInt32(5)));
    }

    private int Run(string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        using var command = Command(sql, values);
        return command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        var command = Command(_connection, sql);
        foreach (var (name, value) in values) command.Parameters.AddWithValue(name, value);
        return command;
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = Command(connection, sql);
        command.ExecuteNonQuery();
    }

    private static long Number(SqliteConnection connection, string sql)
    {
        using var command = Command(connection, sql);
        return (long)command.ExecuteScalar()!;
    }
}
