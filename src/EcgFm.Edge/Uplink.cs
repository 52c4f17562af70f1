using System.Reactive.Concurrency;
using EcgFm.Edge.Configuration;
using EcgFm.Edge.Health;
using EcgFm.Edge.Models;
using EcgFm.Telemetry;
using EcgFm.Telemetry.Messages;
using EcgFm.Telemetry.Outbox;
using Microsoft.Extensions.Logging;

namespace EcgFm.Edge;

/// <summary>The way to the broker: the outbox, the link, and what the device itself says (status, health, announcements).</summary>
internal sealed class Uplink : IDisposable
{
    private static readonly TimeSpan HealthPeriod = TimeSpan.FromSeconds(30);

    private readonly MessageOutbox _outbox;
    private readonly StatusMessage _status;
    private readonly BrokerLink _link;
    private readonly TimeProvider _time;

    /// <summary>Opens the outbox; nothing is sent before it runs.</summary>
    /// <param name="configuration">Beds, topics, state directory.</param>
    /// <param name="broker">The broker.</param>
    /// <param name="model">The network, which the status names.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Where faults go.</param>
    public Uplink(EdgeConfiguration configuration, BrokerOptions broker, ModelSlot model, TimeProvider time, ILoggerFactory loggers)
    {
        _time = time;
        var names = configuration.Beds.Select(bed => bed.Name).ToList();
        _status = new StatusMessage(DeviceState.Online, Guid.CreateVersion7(), Daemon.Version, names, time.GetUtcNow());
        _outbox = configuration.StateDirectory is { } folder ? OpenOutbox(folder, broker, loggers) : MessageOutbox.InMemory(broker.Outbox);
        _link = new BrokerLink(broker, _outbox, new RetainedStatus(configuration.Topics.Status, With(model)), time, loggers.CreateLogger("mqtt"));
        Publisher = new TelemetryPublisher(_link, _outbox, configuration.Topics, names, time, loggers.CreateLogger("alerts"));
        if (configuration.HomeAssistant) Announce(new HomeAssistantDiscovery(configuration.Topics, Daemon.Version).Announce(names));
    }

    /// <summary>Where alerts, windows and vitals go.</summary>
    public TelemetryPublisher Publisher { get; }

    /// <summary>How the way is at this moment.</summary>
    public TelemetryCondition Condition => _link.Condition;

    /// <summary>How the way is, whenever it changes.</summary>
    public IObservable<TelemetryCondition> Conditions => Publisher.Conditions(Scheduler.Default);

    /// <summary>How many messages the broker has not acknowledged.</summary>
    public int Undelivered => _outbox.Count;

    /// <summary>Keeps the link, and reports the device's health, until it is told to stop.</summary>
    public Task RunAsync(DeviceHealth health, CancellationToken stop) => Task.WhenAll(ReportAsync(health, stop), _link.RunAsync(stop));

    /// <summary>Waits until all is delivered, at most for a time.</summary>
    public Task DeliverAsync(TimeSpan patience) => _link.DeliverAsync(patience);

    /// <summary>Which network runs, and on what, is told as soon as it changes.</summary>
    public void Say(ModelSlot model, DeviceHealth health)
    {
        _link.Renew(With(model));
        Publisher.Publish(health.Report());
    }

    /// <summary>Alerts from before the restart that nobody will follow are not to stand in the list for ever.</summary>
    /// <param name="beds">The beds that are monitored now.</param>
    public void AbandonAlerts(IReadOnlyCollection<string> beds)
    {
        foreach (var bed in Publisher.BedsWithState)
        {
            if (bed is not null && !beds.Contains(bed))
                Publisher.Abandon(bed, "The bed is no longer configured.");
            else if (Publisher.State(bed) is { } state && !Alerts.StoredAlerts.CanBeRead(state))
                Publisher.Abandon(bed, "Another version of the program stored it, and this one cannot read it.");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _link.Dispose();
        _outbox.Dispose();
    }

    /// <summary>A folder that cannot be made does not keep a bed from being watched: the outbox says so, and tries again.</summary>
    private static MessageOutbox OpenOutbox(string folder, BrokerOptions broker, ILoggerFactory loggers)
    {
        var logger = loggers.CreateLogger("outbox");
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            logger.LogError("The folder {Folder} cannot be made: {Fault}", folder, fault.Message);
        }

        return MessageOutbox.Open(Path.Combine(Path.GetFullPath(folder), "outbox.db"), broker.Outbox, logger: logger);
    }

    private StatusMessage With(ModelSlot model) => _status with { Model = model.Description, Provider = model.Provider };

    private void Announce(IEnumerable<(string Topic, byte[] Payload)> announcements)
    {
        var all = announcements.ToList();
        _link.Connected += (_, _) =>
        {
            foreach (var (topic, payload) in all) _link.Announce(topic, payload);
        };
    }

    private async Task ReportAsync(DeviceHealth health, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(HealthPeriod, _time);
        _link.Connected += (_, _) => Publisher.Publish(health.Report());
        try
        {
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false)) Publisher.Publish(health.Report());
        }
        catch (OperationCanceledException)
        {
            // The daemon stops.
        }
    }
}
