using Microsoft.Data.Sqlite;

namespace EcgFm.Telemetry.Outbox;

/// <summary>Messages on disk, in order, until the broker has acknowledged each. Safe to use from any thread.</summary>
public sealed class MessageOutbox : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SqliteConnection _connection;

    static MessageOutbox() => SQLitePCL.Batteries_V2.Init();

    private MessageOutbox(string dataSource)
    {
        _connection = new(new SqliteConnectionStringBuilder { DataSource = dataSource, Pooling = false }.ToString());
        _connection.Open();
        // FULL: a message that was announced is on the disk, even when the power fails.
        Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
        Execute("CREATE TABLE IF NOT EXISTS message (number INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, payload BLOB NOT NULL, retain INTEGER NOT NULL, stored INTEGER NOT NULL);");
    }

    /// <summary>Opens the outbox in this file, or makes it.</summary>
    /// <exception cref="IOException">The file cannot be opened or is no outbox; the message names it.</exception>
    public static MessageOutbox Open(string path)
    {
        try
        {
            return new(path);
        }
        catch (SqliteException fault)
        {
            throw new IOException($"The outbox {path} cannot be opened: {fault.Message} Check that the folder exists and is writable; a damaged file can be moved aside.", fault);
        }
    }

    /// <summary>An outbox that ends with the process, for replays and demonstrations.</summary>
    public static MessageOutbox InMemory() => new(":memory:");

    /// <summary>How many messages wait.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                using var command = Command("SELECT COUNT(*) FROM message");
                return Convert.ToInt32(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
            }
        }
    }

    /// <summary>Stores messages together: after a crash all of them are there, or none.</summary>
    public void Add(params IReadOnlyCollection<OutboxMessage> messages)
    {
        lock (_gate)
        {
            using var transaction = _connection.BeginTransaction();
            foreach (var message in messages)
            {
                using var command = Command("INSERT INTO message (topic, payload, retain, stored) VALUES ($topic, $payload, $retain, $stored)");
                command.Transaction = transaction;
                command.Parameters.AddWithValue("$topic", message.Topic);
                command.Parameters.AddWithValue("$payload", message.Payload);
                command.Parameters.AddWithValue("$retain", message.Retain);
                command.Parameters.AddWithValue("$stored", message.Stored.ToUnixTimeMilliseconds());
                command.ExecuteNonQuery();
            }

            transaction.Commit();
        }
    }

    /// <summary>The message that has waited longest, or null.</summary>
    public StoredMessage? Peek()
    {
        lock (_gate)
        {
            using var command = Command("SELECT number, topic, payload, retain, stored FROM message ORDER BY number LIMIT 1");
            using var row = command.ExecuteReader();
            return row.Read()
                ? new(row.GetInt64(0), new(row.GetString(1), row.GetFieldValue<byte[]>(2), row.GetBoolean(3), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(4))))
                : null;
        }
    }

    /// <summary>Removes a message that the broker has acknowledged.</summary>
    public void Remove(long number)
    {
        lock (_gate)
        {
            using var command = Command("DELETE FROM message WHERE number = $number");
            command.Parameters.AddWithValue("$number", number);
            command.ExecuteNonQuery();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate) _connection.Dispose();
    }

    private void Execute(string sql)
    {
        using var command = Command(sql);
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string sql)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }
}
