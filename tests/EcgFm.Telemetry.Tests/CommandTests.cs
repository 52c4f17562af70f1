using System.Text;
using System.Text.Json;
using EcgFm.Core;
using EcgFm.Telemetry.Commands;
using EcgFm.Testing;
using FsCheck;
using FsCheck.Xunit;
using MQTTnet;

namespace EcgFm.Telemetry.Tests;

public class CommandTests
{
    private const string Topic = "ecgfm/v1/ward/box/bed-1/command", BoxTopic = "ecgfm/v1/ward/box/command";

    private static readonly string Alert = "0193a1b2-0000-7000-8000-000000000001";

    private readonly ManualTime _time = new(DateTimeOffset.UnixEpoch);
    private readonly LogLines _log = new();
    private readonly List<AlertCommand> _done = [];
    private readonly CommandListener _listener;

    public CommandTests() => _listener = new(new TelemetryTopics("ecgfm/v1", "ward", "box"), ["bed-1"], Execute, _time, _log);

    private CommandOutcome Execute(AlertCommand command)
    {
        _done.Add(command);
        return new(CommandAnswer.Done);
    }

    private LiveMessage? Send(byte[] payload, string topic = Topic, Action<MqttApplicationMessage>? change = null)
    {
        var message = new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(payload).Build();
        change?.Invoke(message);
        return _listener.Take(message);
    }

    private JsonElement Answer(string json, string topic = Topic, Action<MqttApplicationMessage>? change = null) =>
        JsonDocument.Parse(Send(Encoding.UTF8.GetBytes(json), topic, change)!.Payload).RootElement;

    [Fact]
    public void What_is_right_is_done_and_answered()
    {
        var acknowledged = Answer($$"""{"command":"acknowledge","by":"station 3","alert":"{{Alert}}","request":"r-1"}""");
        Assert.Equal(("answer", "bed-1", "acknowledge", "r-1", true), (acknowledged.GetProperty("type").GetString(), acknowledged.GetProperty("bed").GetString(), acknowledged.GetProperty("command").GetString(), acknowledged.GetProperty("request").GetString(), acknowledged.GetProperty("accepted").GetBoolean()));
        Answer("""{"command":"pause","by":"station 3","seconds":120}""");
        Answer("""{"command":"resume","by":"station 3"}""");
        Answer("""{"command":"snapshot","by":"station 3"}""");
        Answer($$"""{"command":"snapshot","by":"station 3","alert":"{{Alert}}"}""");
        Answer($$"""{"command":"acknowledge","by":"station 3","alert":"{{Alert}}"}""", BoxTopic);
        Assert.Equal(
            [
                new AlertCommand.Acknowledge("bed-1", "station 3", Guid.Parse(Alert)),
                new AlertCommand.Pause("bed-1", "station 3", TimeSpan.FromMinutes(2)),
                new AlertCommand.Resume("bed-1", "station 3"),
                new AlertCommand.Snapshot("bed-1", "station 3"),
                new AlertCommand.Snapshot("bed-1", "station 3", Guid.Parse(Alert)),
                new AlertCommand.Acknowledge(null, "station 3", Guid.Parse(Alert)),
            ],
            _done);
    }

    [Theory]
    [InlineData("", "no JSON object")]
    [InlineData("[]", "no JSON object")]
    [InlineData("null", "no JSON object")]
    [InlineData("{\"command\":\"resume\",\"command\":\"pause\"}", "no JSON object")]
    [InlineData("{\"command\":\"resume\",\"by\":\"\\ud800\"}", "no JSON object")]
    [InlineData("{\"command\":{\"a\":{\"b\":{}}}}", "no JSON object")]
    [InlineData("{}", "command is missing or unknown")]
    [InlineData("{\"command\":\"reboot\",\"by\":\"x\"}", "command is missing or unknown")]
    [InlineData("{\"command\":1,\"by\":\"x\"}", "command is missing or unknown")]
    [InlineData("{\"command\":\"resume\"}", "by is missing")]
    [InlineData("{\"command\":\"resume\",\"by\":\"a\\nb\"}", "by is missing or wrong")]
    [InlineData("{\"command\":\"resume\",\"by\":\"x\",\"seconds\":1}", "keys that are not known")]
    [InlineData("{\"command\":\"snapshot\",\"by\":\"x\",\"alert\":7}", "alert is wrong")]
    [InlineData("{\"command\":\"pause\",\"by\":\"x\"}", "seconds is missing")]
    [InlineData("{\"command\":\"pause\",\"by\":\"x\",\"seconds\":0}", "seconds is missing or wrong")]
    [InlineData("{\"command\":\"pause\",\"by\":\"x\",\"seconds\":1e99}", "seconds is missing or wrong")]
    [InlineData("{\"command\":\"pause\",\"by\":\"x\",\"seconds\":\"60\"}", "seconds is missing or wrong")]
    [InlineData("{\"command\":\"acknowledge\",\"by\":\"x\"}", "alert is missing")]
    [InlineData("{\"command\":\"acknowledge\",\"by\":\"x\",\"alert\":\"1\"}", "alert is missing or wrong")]
    [InlineData("{\"command\":\"resume\",\"by\":\"x\",\"request\":7}", "request is wrong")]
    public void What_is_wrong_is_refused_with_what_would_be_right(string json, string reason)
    {
        var answer = Answer(json);
        Assert.False(answer.GetProperty("accepted").GetBoolean());
        Assert.Contains(reason, answer.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Empty(_done);
    }

    [Fact]
    public void Too_long_a_command_a_retained_one_and_one_for_the_wrong_place_are_refused()
    {
        Assert.Contains("1025 bytes", Answer("{" + new string(' ', 1024)).GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Contains("retained", Answer("""{"command":"resume","by":"x"}""", change: message => message.Retain = true).GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Contains("not for the whole box", Answer("""{"command":"resume","by":"x"}""", BoxTopic).GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Null(Send("{}"u8.ToArray(), "ecgfm/v1/ward/box/bed-2/command"));
        Assert.Empty(_done);
    }

    [Theory]
    [InlineData(null, "ecgfm/v1/ward/box/bed-1/answer")]
    [InlineData("ecgfm/v1/ward/box/bed-1/answer/station-3", "ecgfm/v1/ward/box/bed-1/answer/station-3")]
    [InlineData("ecgfm/v1/ward/box/bed-1/alerts", "ecgfm/v1/ward/box/bed-1/answer")]
    [InlineData("ecgfm/v1/ward/box/bed-1/answer/../alerts/+", "ecgfm/v1/ward/box/bed-1/answer")]
    [InlineData("ecgfm/v1/ward/box/bed-1/answer/", "ecgfm/v1/ward/box/bed-1/answer")]
    public void The_answer_goes_to_a_topic_below_the_answer_topic_with_the_correlation_data(string? asked, string answered)
    {
        var answer = Send("""{"command":"resume","by":"x"}"""u8.ToArray(), change: message => (message.ResponseTopic, message.CorrelationData) = (asked, [1, 2, 3]))!;
        Assert.Equal(answered, answer.Topic);
        Assert.Equal([1, 2, 3], answer.Correlation!);
        Assert.Null(Send("{}"u8.ToArray(), change: message => message.CorrelationData = new byte[257])!.Correlation);
    }

    [Fact]
    public void A_flood_is_refused_answered_once_a_second_and_over_when_it_is_over()
    {
        var flood = Enumerable.Range(0, 1000).Select(_ => Send("""{"command":"resume","by":"x"}"""u8.ToArray())).ToList();
        Assert.Equal(RateLimit.Burst, _done.Count);
        Assert.Equal(RateLimit.Burst + 1, flood.Count(answer => answer is not null));
        Assert.Contains("too many", Encoding.UTF8.GetString(flood[RateLimit.Burst]!.Payload), StringComparison.Ordinal);
        // Another topic has its own measure.
        Assert.True(Answer($$"""{"command":"acknowledge","by":"x","alert":"{{Alert}}"}""", BoxTopic).GetProperty("accepted").GetBoolean());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(Answer("""{"command":"resume","by":"x"}""").GetProperty("accepted").GetBoolean());
    }

    [Fact]
    public void A_command_that_fails_is_refused_and_the_next_one_is_done()
    {
        var failing = true;
        var listener = new CommandListener(new TelemetryTopics("ecgfm/v1", "ward", "box"), ["bed-1"], command => failing ? throw new InvalidOperationException("secret") : Execute(command), _time, _log);
        var message = new MqttApplicationMessageBuilder().WithTopic(Topic).WithPayload("""{"command":"resume","by":"x"}""").Build();
        var answer = Encoding.UTF8.GetString(listener.Take(message)!.Payload);
        Assert.Contains("\"accepted\":false", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", answer, StringComparison.Ordinal);
        failing = false;
        Assert.Contains("\"accepted\":true", Encoding.UTF8.GetString(listener.Take(message)!.Payload), StringComparison.Ordinal);
    }

    [Property(MaxTest = 1000)]
    public void Random_bytes_change_nothing_and_are_refused(byte[] payload)
    {
        var answer = Send(payload);
        Assert.Empty(_done);
        Assert.Contains("\"accepted\":false", Encoding.UTF8.GetString(answer!.Payload), StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromSeconds(1));
    }

    [Property(MaxTest = 1000)]
    public void Hostile_JSON_changes_nothing_and_what_it_says_is_not_repeated(int seed)
    {
        var payload = HostileJson.Make(new Random(seed));
        var answer = Send(payload);
        Assert.Empty(_done);
        var text = Encoding.UTF8.GetString(answer!.Payload);
        Assert.Contains("\"accepted\":false", text, StringComparison.Ordinal);
        Assert.InRange(text.Length, 1, 600);
        Assert.All(_log.All, line => Assert.DoesNotContain(line.Text, char.IsControl));
        _time.Advance(TimeSpan.FromSeconds(1));
    }
}
