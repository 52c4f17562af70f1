using System.Text.Json;
using EcgFm.Core;
using EcgFm.Telemetry.Messages;
using EcgFm.Telemetry.Outbox;
using EcgFm.Testing;

namespace EcgFm.Telemetry.Tests;

/// <summary>Alerts from before a restart that nobody can follow any more.</summary>
public sealed class AbandonedAlertTests : IDisposable
{
    private readonly ManualTime _time = new(Interpretations.Start);
    private readonly LogLines _log = new();
    private readonly MessageOutbox _outbox;
    private readonly List<BrokerLink> _links = [];

    public AbandonedAlertTests() => _outbox = MessageOutbox.InMemory(time: _time);

    public void Dispose()
    {
        foreach (var link in _links) link.Dispose();
        _outbox.Dispose();
    }

    /// <summary>As after a restart: a publisher knows only what the outbox does.</summary>
    private TelemetryPublisher Publisher()
    {
        var topics = new TelemetryTopics("ecgfm/v1", "ward", "box");
        var status = new RetainedStatus(topics.Status, new StatusMessage(DeviceState.Online, Guid.CreateVersion7(), "1", ["bed-1"], _time.GetUtcNow()));
        _links.Add(new BrokerLink(new BrokerOptions { Address = new("localhost", 1, Tls: false), ClientId = "box" }, _outbox, status, _time, _log));
        return new TelemetryPublisher(_links[^1], _outbox, topics, ["bed-1"], _time, _log);
    }

    private List<(string Topic, JsonElement Json)> Drain()
    {
        var all = new List<(string, JsonElement)>();
        while (_outbox.Peek() is { } next)
        {
            all.Add((next.Message.Topic[(next.Message.Topic.LastIndexOf('/') + 1)..], JsonDocument.Parse(next.Message.Payload).RootElement));
            _outbox.Acknowledge(next);
        }

        return all;
    }

    [Theory]
    [InlineData("bed-1")]
    [InlineData("bed-that-is-gone")]
    [InlineData(null)]
    public void They_are_cleared_with_the_reason_and_leave_the_list_and_what_is_remembered(string? bed)
    {
        var onset = new Alert
        {
            Id = Guid.CreateVersion7(_time.GetUtcNow()),
            Sequence = 3,
            Bed = bed,
            Kind = AlertKind.Technical,
            Code = "leads-off",
            Title = "Leads off",
            Priority = AlertPriority.Medium,
            State = AlertState.Paused,
            Onset = _time.GetUtcNow(),
            Time = _time.GetUtcNow(),
            Probability = 0.9f,
            PausedUntil = _time.GetUtcNow().AddMinutes(5),
        };
        Publisher().Publish(new AlertUpdate(bed, [onset], onset.PausedUntil, [1, 2, 3]));
        Drain();

        _time.Advance(TimeSpan.FromMinutes(1));
        var again = Publisher();
        Assert.Equal([bed], again.BedsWithState);
        again.Abandon(bed, "Nobody follows it.");

        var (step, list) = (Drain() is [("alert", var first), ("alerts", var second)] ? (first, second) : throw new InvalidOperationException("one step and one list were expected"));
        Assert.Equal((onset.Id, 4, "cleared", "Nobody follows it."), (step.GetProperty("id").GetGuid(), step.GetProperty("sequence").GetInt32(), step.GetProperty("state").GetString(), step.GetProperty("detail").GetString()));
        Assert.Equal((onset.Onset, _time.GetUtcNow(), _time.GetUtcNow()), (step.GetProperty("onset").GetDateTimeOffset(), step.GetProperty("ended").GetDateTimeOffset(), step.GetProperty("time").GetDateTimeOffset()));
        Assert.False(step.TryGetProperty("pausedUntil", out _) || step.TryGetProperty("probability", out _));
        Assert.Equal(0, list.GetProperty("alerts").GetArrayLength());
        Assert.False(list.TryGetProperty("pausedUntil", out _));
        Assert.Empty(again.BedsWithState);
        Assert.Empty(_outbox.StateKeys("active"));
    }
}
