using System.Text;
using EcgFm.Telemetry.Outbox;

namespace EcgFm.Telemetry.Tests;

public sealed class OutboxTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ecgfm-outbox-");

    private string File => Path.Combine(_folder.FullName, "outbox.db");

    public void Dispose() => _folder.Delete(recursive: true);

    private static OutboxMessage Message(string text) => new("a/b", Encoding.UTF8.GetBytes(text), Retain: false, DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123));

    [Fact]
    public void Messages_leave_in_the_order_in_which_they_came()
    {
        using var outbox = MessageOutbox.Open(File);
        outbox.Add(Message("one"), Message("two"));
        outbox.Add(Message("three"));
        var seen = new List<string>();
        while (outbox.Peek() is { } next)
        {
            seen.Add(Encoding.UTF8.GetString(next.Message.Payload));
            outbox.Remove(next.Number);
        }

        Assert.Equal(["one", "two", "three"], seen);
        Assert.Equal(0, outbox.Count);
    }

    [Fact]
    public void Messages_survive_the_process()
    {
        using (var outbox = MessageOutbox.Open(File)) outbox.Add(Message("one") with { Retain = true }, Message("two"));
        using var again = MessageOutbox.Open(File);
        Assert.Equal(2, again.Count);
        var first = again.Peek()!.Message;
        Assert.Equal(("a/b", "one", true, 1_700_000_000_123), (first.Topic, Encoding.UTF8.GetString(first.Payload), first.Retain, first.Stored.ToUnixTimeMilliseconds()));
    }

    [Fact]
    public void Peeking_removes_nothing()
    {
        using var outbox = MessageOutbox.InMemory();
        outbox.Add(Message("one"));
        Assert.Equal(outbox.Peek()!.Number, outbox.Peek()!.Number);
        Assert.Equal(1, outbox.Count);
    }

    [Fact]
    public void A_file_that_is_no_outbox_is_named()
    {
        System.IO.File.WriteAllText(File, new string('x', 8192));
        var error = Assert.Throws<IOException>(() => MessageOutbox.Open(File));
        Assert.StartsWith($"The outbox {File} cannot be opened", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_named()
    {
        var file = Path.Combine(_folder.FullName, "none", "outbox.db");
        Assert.Contains(file, Assert.Throws<IOException>(() => MessageOutbox.Open(file)).Message, StringComparison.Ordinal);
    }
}
