using System.Text;
using EcgFm.Telemetry.Outbox;
using EcgFm.Testing;
using Microsoft.Data.Sqlite;

namespace EcgFm.Telemetry.Tests;

public sealed class OutboxTests : IDisposable
{
    private static readonly DateTimeOffset Then = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ecgfm-outbox-");
    private readonly ManualTime _time = new(Then);
    private readonly LogLines _log = new();

    private string Path => System.IO.Path.Combine(_folder.FullName, "outbox.db");

    public void Dispose() => _folder.Delete(recursive: true);

    private static OutboxMessage Message(string text, MessagePriority priority = MessagePriority.Medium) => new("a/b", Encoding.UTF8.GetBytes(text), Retain: false, Then, priority);

    private static OutboxMessage List(string text) => new("a/list", Encoding.UTF8.GetBytes(text), Retain: true, Then);

    private MessageOutbox Open(OutboxLimits? limits = null) => MessageOutbox.Open(Path, limits, _time, _log);

    private static string Text(StoredMessage message) => Encoding.UTF8.GetString(message.Message.Payload);

    private static List<string> Drain(MessageOutbox outbox)
    {
        var seen = new List<string>();
        while (outbox.Peek() is { } next)
        {
            seen.Add(Text(next));
            outbox.Acknowledge(next);
        }

        return seen;
    }

    [Fact]
    public void Messages_leave_in_the_order_in_which_they_came()
    {
        using var outbox = Open();
        outbox.Add([Message("one"), Message("two")]);
        outbox.Add([Message("three")]);
        Assert.Equal(3, outbox.Count);
        Assert.Equal(["one", "two", "three"], Drain(outbox));
        Assert.Equal(0, outbox.Count);
    }

    [Fact]
    public void Messages_and_state_survive_the_process()
    {
        using (var outbox = Open())
        {
            outbox.Add([Message("one") with { Retain = true, Priority = MessagePriority.High }, Message("two")], new StoredState("alerts/bed-1", [1, 2]), new StoredState("alerts/bed-2", [3]));
            outbox.Add([], new StoredState("alerts/bed-2", null), new StoredState("other", []));
        }

        using var again = Open();
        Assert.Equal(2, again.Count);
        var first = again.Peek()!.Message;
        Assert.Equal(("a/b", "one", true, Then, MessagePriority.High), (first.Topic, Encoding.UTF8.GetString(first.Payload), first.Retain, first.Stored, first.Priority));
        Assert.Equal([1, 2], again.State("alerts/bed-1")!);
        Assert.Null(again.State("alerts/bed-2"));
        Assert.Equal(["alerts/bed-1"], again.StateKeys("alerts"));
    }

    [Fact]
    public void Peeking_removes_nothing()
    {
        using var outbox = MessageOutbox.InMemory(time: _time);
        outbox.Add([Message("one")]);
        Assert.Equal(Text(outbox.Peek()!), Text(outbox.Peek()!));
        Assert.Equal(1, outbox.Count);
    }

    [Fact]
    public void A_newer_list_takes_the_place_of_an_older_one_even_of_one_that_is_under_way()
    {
        using var outbox = Open();
        outbox.Add([List("old"), Message("step")]);
        var underWay = outbox.Peek()!;
        outbox.Add([List("new")]);
        Assert.Equal(2, outbox.Count);
        outbox.Acknowledge(underWay);
        Assert.Equal(2, outbox.Count);
        Assert.Equal(["step", "new"], Drain(outbox));
    }

    [Fact]
    public void What_was_acknowledged_shortly_before_the_link_broke_is_sent_again_in_order()
    {
        using var outbox = Open();
        outbox.Add([Message("one"), Message("two"), Message("three")]);
        outbox.Acknowledge(outbox.Peek()!);
        _time.Advance(TimeSpan.FromSeconds(6));
        outbox.Tend(TimeSpan.FromSeconds(5));
        outbox.Acknowledge(outbox.Peek()!);
        _time.Advance(TimeSpan.FromSeconds(2));
        outbox.Tend(TimeSpan.FromSeconds(5));
        outbox.Rewind();
        Assert.Equal(2, outbox.Count);
        Assert.Equal(["two", "three"], Drain(outbox));

        outbox.Tend(TimeSpan.Zero);
        outbox.Rewind();
        Assert.Null(outbox.Peek());
    }

    [Fact]
    public void A_link_that_breaks_again_and_again_does_not_carry_the_same_for_ever()
    {
        using var outbox = Open();
        outbox.Add([Message("one"), Message("two")]);
        Assert.Equal(["one", "two"], Drain(outbox));
        outbox.Rewind();
        outbox.Add([Message("three")]);
        Assert.Equal(["one", "two", "three"], Drain(outbox));
        outbox.Rewind();
        Assert.Equal(["one", "two", "three"], Drain(outbox));
        outbox.Rewind();
        Assert.Equal(1, outbox.Count);
        Assert.Equal(["three"], Drain(outbox));
        outbox.Rewind();
        outbox.Tend(TimeSpan.FromSeconds(5));
        Assert.Null(outbox.Peek());
    }

    [Fact]
    public void When_it_is_full_the_oldest_of_the_least_important_go_and_somebody_hears_of_it()
    {
        using var outbox = Open(new OutboxLimits(100, TimeSpan.FromDays(1)));
        outbox.Add([Message(new string('h', 30), MessagePriority.High), Message(new string('l', 30), MessagePriority.Low), Message(new string('s', 30), MessagePriority.Snippet)]);
        Assert.Equal(0, outbox.Condition.Discarded);
        outbox.Add([Message(new string('m', 50)), Message(new string('H', 15), MessagePriority.High)]);
        Assert.Equal(2, outbox.Condition.Discarded);
        Assert.Equal((3, 0.95), (outbox.Condition.Queued, Math.Round(outbox.Condition.Fill, 3)));
        Assert.Equal("hmH", string.Concat(Drain(outbox).Select(text => text[0])));
        Assert.Contains(_log.All, line => line.Text.Contains("2 messages were discarded", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_too_old_goes_and_lists_stay()
    {
        using var outbox = Open(new OutboxLimits(1000, TimeSpan.FromHours(1)));
        outbox.Add([Message("old"), List("list")]);
        _time.Advance(TimeSpan.FromHours(2));
        outbox.Tend(TimeSpan.FromSeconds(5));
        Assert.Equal(1, outbox.Condition.Discarded);
        Assert.Equal(["list"], Drain(outbox));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(-4000)]
    public void A_clock_that_is_set_makes_nothing_old_that_was_stored_a_moment_ago(int days)
    {
        using var outbox = Open(new OutboxLimits(1000, TimeSpan.FromDays(3)));
        outbox.Add([Message("before")]);
        _time.Set(TimeSpan.FromDays(days));
        outbox.Add([Message("after") with { Stored = _time.GetUtcNow() }]);
        _time.Advance(TimeSpan.FromDays(2));
        outbox.Tend(TimeSpan.Zero);
        Assert.Equal(0, outbox.Condition.Discarded);
        _time.Advance(TimeSpan.FromDays(2));
        outbox.Tend(TimeSpan.Zero);
        Assert.Equal(1, outbox.Condition.Discarded);
    }

    [Fact]
    public void A_damaged_file_is_kept_aside_and_a_new_one_begun()
    {
        File.WriteAllText(Path, new string('x', 8192));
        using (var outbox = Open())
        {
            var aside = outbox.Condition.SetAside!;
            Assert.Equal($"{Path}.corrupt-20231114T221320Z", aside);
            Assert.Equal(new string('x', 8192), File.ReadAllText(aside));
            Assert.Null(outbox.Condition.Fault);
            Assert.Contains(_log.All, line => line.Text.Contains(aside, StringComparison.Ordinal));
            outbox.Add([Message("one")]);
        }

        using var again = Open();
        Assert.Equal((1, null), (again.Count, again.Condition.SetAside));
    }

    [Fact]
    public void A_file_that_is_damaged_while_it_is_open_is_kept_aside_and_what_is_remembered_goes_into_the_new_one()
    {
        using (var outbox = Open())
        {
            outbox.Add([.. Enumerable.Range(0, 200).Select(i => Message($"{i} {new string('x', 1000)}"))], new StoredState("alerts/bed-1", [7]));
            Execute("PRAGMA wal_checkpoint(TRUNCATE)");
            using (var file = new FileStream(Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            {
                file.Position = 4096;
                file.Write(new byte[100_000]);
            }

            for (var i = 0; i < 200 && outbox.Condition.SetAside is null; i++)
            {
                if (outbox.Peek() is { } message) outbox.Acknowledge(message);
                _time.Advance(TimeSpan.FromSeconds(20));
                outbox.Tend(TimeSpan.Zero);
            }

            Assert.NotNull(outbox.Condition.SetAside);
            outbox.Add([Message("after")]);
            Assert.Equal("after", Drain(outbox)[^1]);
        }

        using var again = Open();
        Assert.Null(again.Condition.Fault);
        Assert.Equal([7], again.State("alerts/bed-1")!);
    }

    [Fact]
    public void A_folder_that_is_not_there_keeps_messages_in_memory_until_it_is()
    {
        _folder.Delete();
        using (var outbox = Open())
        {
            Assert.NotNull(outbox.Condition.Fault);
            outbox.Add([Message("one")], new StoredState("k", [1]));
            outbox.Add([Message("two")]);
            Assert.Equal("one", Text(outbox.Peek()!));
            _folder.Create();
            Tend(outbox);
            Assert.Null(outbox.Condition.Fault);
        }

        using var again = Open();
        Assert.Equal([1], again.State("k")!);
        Assert.Equal(["one", "two"], Drain(again));
    }

    [SkippableFact]
    public void A_disk_that_is_full_holds_nobody_up_and_is_used_again_when_it_has_room()
    {
        using var disk = SmallDisk.Mount(_folder.FullName, megabytes: 1);
        using (var outbox = Open())
        {
            outbox.Add([Message("before")]);
            disk.Fill();
            var said = SayALot(outbox);
            // Delivery goes on meanwhile, in order, and what the disk could not forget is not sent twice.
            Assert.Equal(["before", said[0], said[1]], Take(outbox, 3));
            Tend(outbox);
            Assert.NotNull(outbox.Condition.Fault);

            disk.Free();
            Tend(outbox);
            Assert.Null(outbox.Condition.Fault);
            Assert.Contains(_log.All, line => line.Text.Contains("takes messages again", StringComparison.Ordinal));
            Assert.Equal(58, outbox.Count);
        }

        using var again = Open();
        Assert.StartsWith("59 ", Encoding.UTF8.GetString(again.State("k")!), StringComparison.Ordinal);
        Assert.StartsWith("59 ", Drain(again)[^1], StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_disk_that_is_read_only_holds_nobody_up_and_is_used_again_when_it_is_not()
    {
        using var disk = SmallDisk.Mount(_folder.FullName, megabytes: 1);
        using (var before = Open()) before.Add([Message("before")]);
        disk.MakeReadOnly();
        using (var outbox = Open())
        {
            Assert.NotNull(outbox.Condition.Fault);
            var said = SayALot(outbox);
            Assert.Equal(said[..2], Take(outbox, 3).Where(text => text != "before").Take(2));
            disk.MakeWritable();
            Tend(outbox);
            Assert.Null(outbox.Condition.Fault);
            outbox.Add([Message("after")]);
        }

        using var again = Open();
        Assert.Equal("after", Drain(again)[^1]);
        Assert.StartsWith("59 ", Encoding.UTF8.GetString(again.State("k")!), StringComparison.Ordinal);
    }

    private List<string> SayALot(MessageOutbox outbox)
    {
        var said = Enumerable.Range(0, 60).Select(i => $"{i} {new string('x', 2000)}").ToList();
        foreach (var text in said) outbox.Add([Message(text)], new StoredState("k", Encoding.UTF8.GetBytes(text)));
        Assert.NotNull(outbox.Condition.Fault);
        Assert.Single(_log.All, line => line.Text.Contains("takes nothing", StringComparison.Ordinal));
        return said;
    }

    private static List<string> Take(MessageOutbox outbox, int count)
    {
        var taken = new List<string>();
        for (var i = 0; i < count; i++)
        {
            var next = outbox.Peek()!;
            taken.Add(Text(next));
            outbox.Acknowledge(next);
        }

        return taken;
    }

    private void Tend(MessageOutbox outbox)
    {
        _time.Advance(TimeSpan.FromSeconds(20));
        outbox.Tend(TimeSpan.Zero);
    }

    [Fact]
    public void An_outbox_of_the_first_version_is_taken_over()
    {
        Execute("""
            CREATE TABLE message (number INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, payload BLOB NOT NULL, retain INTEGER NOT NULL, stored INTEGER NOT NULL);
            INSERT INTO message (topic, payload, retain, stored) VALUES ('a/b', x'6f6c64', 0, 1700000000123);
            """);
        using var outbox = Open();
        outbox.Add([Message("new")]);
        Assert.Equal(["old", "new"], Drain(outbox));
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
