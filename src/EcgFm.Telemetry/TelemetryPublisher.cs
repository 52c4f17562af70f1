using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Text.Json;
using EcgFm.Core;
using EcgFm.Telemetry.Commands;
using EcgFm.Telemetry.Messages;
using EcgFm.Telemetry.Outbox;
using EcgFm.Telemetry.Wave;
using Microsoft.Extensions.Logging;
using MQTTnet.Protocol;

namespace EcgFm.Telemetry;

/// <summary>Turns what the stages say into messages on their topics, and commands into what they ask for. Safe to use from any thread.</summary>
public sealed class TelemetryPublisher : ITelemetrySink
{
    private const string AlertState = "alerts", ActiveState = "active";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, ActiveAlertsMessage> _active = [];
    private readonly Dictionary<string, (Interpretation Last, Guid? Snapshot)> _last = [];
    private readonly Dictionary<Guid, (string Bed, byte[] Snippet)> _onsets = [];
    private readonly BrokerLink _link;
    private readonly MessageOutbox _outbox;
    private readonly TelemetryTopics _topics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <param name="link">The link to the broker.</param>
    /// <param name="outbox">The link's outbox, which remembers the lists of active alerts.</param>
    /// <param name="topics">The topics of this device.</param>
    /// <param name="beds">The beds that it serves.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Hears of each step of each alert, when it has been stored.</param>
    public TelemetryPublisher(BrokerLink link, MessageOutbox outbox, TelemetryTopics topics, IReadOnlyCollection<string> beds, TimeProvider time, ILogger logger)
    {
        (_link, _outbox, _topics, _time, _logger) = (link, outbox, topics, time, logger);
        foreach (var bed in beds.Append(null)) _active[Key(ActiveState, bed)] = new(bed, null, []);
        foreach (var key in outbox.StateKeys(ActiveState))
            if (outbox.State(key) is { } state && Read(state) is { } list)
                _active[key] = list;
        // The lists are retained: after a restart of this daemon or of the broker the old ones may be wrong or gone.
        // They go by the outbox like the alerts themselves, so that an older list never overtakes a newer one.
        link.Connected += (_, _) =>
        {
            lock (_gate) link.Store([.. _active.Values.Select(Retained)]);
        };
        link.Listen(new CommandListener(topics, beds, Execute, time, logger));
    }

    /// <summary>Does what a command asks of the alerts: soon, one at a time, on a thread of the link. Set before the link runs.</summary>
    public Func<AlertCommand, CommandAnswer>? Commands { get; set; }

    /// <summary>How the way to the broker is.</summary>
    public TelemetryCondition Condition => _link.Condition;

    /// <inheritdoc/>
    public IReadOnlyList<string?> BedsWithState =>
        [.. _outbox.StateKeys(AlertState).Select(key => key.Length > AlertState.Length ? key[(AlertState.Length + 1)..] : null)];

    /// <summary>How the way to the broker is: at once, and each second when it has changed.</summary>
    public IObservable<TelemetryCondition> Conditions(IScheduler scheduler) =>
        Observable.Timer(TimeSpan.Zero, TimeSpan.FromSeconds(1), scheduler).Select(_ => Condition).DistinctUntilChanged();

    /// <inheritdoc/>
    public byte[]? State(string? bed) => _outbox.State(Key(AlertState, bed));

    /// <inheritdoc/>
    /// <remarks>The list of active alerts is stored with it. A disk that fails does not fail the caller: see <see cref="TelemetryCondition.StorageFault"/>.</remarks>
    public void Publish(AlertUpdate update)
    {
        var snippets = update.Steps.Where(step => step is { State: Core.AlertState.Onset, Kind: AlertKind.Physiological }).Select(Onset).OfType<SnippetMessage>().ToDictionary(snippet => snippet.Id, Bytes);
        lock (_gate)
        {
            foreach (var (id, snippet) in snippets) _onsets[id] = (update.Bed!, snippet);
            Store(update.Bed, [.. update.Steps.Select(AlertMessage.From)], snippets.Select(onset => Snippet(update.Bed!, onset.Key, onset.Value)), update.PausedUntil, update.State);
        }
    }

    /// <summary>Clears every alert that the list of a bed, or of the box, still shows although nobody follows it any more, and forgets what is remembered of them.</summary>
    /// <param name="bed">The bed; null for the box.</param>
    /// <param name="reason">Why, in words.</param>
    public void Abandon(string? bed, string reason)
    {
        var now = _time.GetUtcNow();
        lock (_gate)
        {
            var alerts = _active.TryGetValue(Key(ActiveState, bed), out var list) ? list.Alerts : [];
            Store(bed, [.. alerts.Select(Cleared)], [], pausedUntil: null, state: null);
        }

        AlertMessage Cleared(AlertMessage alert) => alert with
        {
            Sequence = alert.Sequence + 1,
            State = Core.AlertState.Cleared,
            Time = now,
            Ended = alert.Ended ?? now,
            PausedUntil = null,
            Detail = reason,
            // No window decided this.
            HeartRate = null,
            Probability = null,
            Evidence = null,
        };
    }

    private void Store(string? bed, IReadOnlyList<AlertMessage> steps, IEnumerable<OutboxMessage> snippets, DateTimeOffset? pausedUntil, byte[]? state)
    {
        var key = Key(ActiveState, bed);
        var alerts = _active.TryGetValue(key, out var before) ? before.Alerts.ToList() : [];
        var messages = new List<OutboxMessage>();
        foreach (var step in steps)
        {
            // Its place is that of its onset: the oldest stands first.
            var place = alerts.FindIndex(other => other.Id == step.Id);
            if (step.State == Core.AlertState.Cleared)
            {
                if (place >= 0) alerts.RemoveAt(place);
                _onsets.Remove(step.Id);
            }
            else if (place >= 0) alerts[place] = step;
            else alerts.Add(step);

            messages.Add(new(_topics.Alert(bed), JsonSerializer.SerializeToUtf8Bytes(step, TelemetryJson.Default.AlertMessage), Retain: false, _time.GetUtcNow(), Priority(step.Priority)));
        }

        var list = new ActiveAlertsMessage(bed, pausedUntil, alerts);
        _active[key] = list;
        messages.Add(Retained(list));
        messages.AddRange(snippets);
        var remembered = alerts.Count == 0 && pausedUntil is null ? null : Bytes(list);
        _link.Store(messages, new StoredState(Key(AlertState, bed), state), new StoredState(key, remembered));
        // Said only now: what the log announces has been stored.
        foreach (var step in steps)
            _logger.LogInformation("Alert {Id} step {Sequence} of {Bed}: {Code} {State}.", step.Id, step.Sequence, bed ?? "the box", step.Code.Own, step.State.ToString().ToLowerInvariant());
    }

    /// <inheritdoc/>
    public void Publish(Interpretation interpretation, string bed)
    {
        lock (_gate) _last[bed] = (interpretation, null);
        _link.Send(new(_topics.Interpretation(bed), JsonSerializer.SerializeToUtf8Bytes(InterpretationMessage.From(interpretation, bed), TelemetryJson.Default.InterpretationMessage)));
    }

    /// <inheritdoc/>
    public void Publish(Vitals vitals, string bed) =>
        _link.Send(new(_topics.Vitals(bed), JsonSerializer.SerializeToUtf8Bytes(VitalsMessage.From(vitals, bed), TelemetryJson.Default.VitalsMessage)));

    /// <inheritdoc/>
    public void PublishWave(byte[] wave, string bed) => _link.Send(new(_topics.Wave(bed), wave) { ContentType = WavePacker.ContentType, Bulky = true });

    /// <summary>Sends how the device is.</summary>
    public void Publish(HealthMessage health) =>
        _link.Send(new(_topics.Health, JsonSerializer.SerializeToUtf8Bytes(health, TelemetryJson.Default.HealthMessage)) { Retain = true, Quality = MqttQualityOfServiceLevel.AtLeastOnce });

    private CommandOutcome Execute(AlertCommand command) => command switch
    {
        AlertCommand.Snapshot { Bed: { } bed, Alert: { } alert } => OnsetOnceMore(bed, alert),
        AlertCommand.Snapshot { Bed: { } bed } => Snapshot(bed),
        _ => new(Commands?.Invoke(command) ?? CommandAnswer.Refused("this box takes no such commands")),
    };

    /// <summary>Publishes the last window of the bed; asked for again, it is the same one until there is another.</summary>
    private CommandOutcome Snapshot(string bed)
    {
        lock (_gate)
        {
            if (!_last.TryGetValue(bed, out var known)) return new(CommandAnswer.Refused("no window of this bed has been interpreted yet"));
            if (known.Snapshot is { } already) return new(CommandAnswer.Done, already);
            var id = Guid.CreateVersion7(_time.GetUtcNow());
            _link.Store([Snippet(bed, id, Bytes(SnippetMessage.From(id, bed, "snapshot", known.Last.Input, known.Last)))]);
            _last[bed] = (known.Last, id);
            return new(CommandAnswer.Done, id);
        }
    }

    /// <summary>Sends the ten seconds that began an active alert once more, for who came later. They are not stored: who asked is there to ask again.</summary>
    private CommandOutcome OnsetOnceMore(string bed, Guid alert)
    {
        lock (_gate)
        {
            if (!_onsets.TryGetValue(alert, out var onset) || onset.Bed != bed)
                return new(CommandAnswer.Refused($"the ten seconds that began {alert} are not kept: it is not active, has none, or began before the box was started"));
            _link.Send(new(_topics.Snippet(bed, alert), onset.Snippet) { Quality = MqttQualityOfServiceLevel.AtLeastOnce });
            return new(CommandAnswer.Done, alert);
        }
    }

    private static SnippetMessage? Onset(Alert step) =>
        step.Bed is { } bed && (step.Evidence?.Input ?? step.Window) is { } window ? SnippetMessage.From(step.Id, bed, "onset", window, step.Evidence) : null;

    private OutboxMessage Snippet(string bed, Guid id, byte[] snippet) => new(_topics.Snippet(bed, id), snippet, Retain: false, _time.GetUtcNow(), MessagePriority.Snippet);

    private static byte[] Bytes(SnippetMessage snippet) => JsonSerializer.SerializeToUtf8Bytes(snippet, TelemetryJson.Default.SnippetMessage);

    private OutboxMessage Retained(ActiveAlertsMessage list) => new(_topics.ActiveAlerts(list.Bed), Bytes(list), Retain: true, _time.GetUtcNow());

    private static byte[] Bytes(ActiveAlertsMessage list) => JsonSerializer.SerializeToUtf8Bytes(list, TelemetryJson.Default.ActiveAlertsMessage);

    /// <summary>A list that cannot be read any more, for a version of this program wrote it that was different, is no reason not to start.</summary>
    private ActiveAlertsMessage? Read(byte[] state)
    {
        try
        {
            return JsonSerializer.Deserialize(state, TelemetryJson.Default.ActiveAlertsMessage);
        }
        catch (JsonException fault)
        {
            _logger.LogError("A list of active alerts from before the restart cannot be read: {Fault}", fault.Message);
            return null;
        }
    }

    private static MessagePriority Priority(AlertPriority priority) => priority switch
    {
        AlertPriority.High => MessagePriority.High,
        AlertPriority.Medium => MessagePriority.Medium,
        _ => MessagePriority.Low,
    };

    private static string Key(string kind, string? bed) => bed is null ? kind : $"{kind}/{bed}";
}
