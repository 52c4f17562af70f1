using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using EcgFm.Acquisition;
using EcgFm.Edge.Configuration;
using EcgFm.Edge.Health;
using EcgFm.Model.Inference;
using EcgFm.Telemetry;
using EcgFm.Telemetry.Messages;
using EcgFm.Telemetry.Outbox;
using Microsoft.Extensions.Logging;

namespace EcgFm.Edge;

/// <summary>All beds of a configuration, the network they share, and the link to the broker.</summary>
internal sealed class Daemon : IDisposable
{
    private static readonly TimeSpan HealthPeriod = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DeliveryPatience = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _time = TimeProvider.System;
    private readonly EdgeConfiguration _configuration;
    private readonly ILogger _logger;
    private readonly MessageOutbox? _outbox;
    private readonly BrokerLink? _link;
    private readonly TelemetryPublisher? _publisher;
    private readonly EventLoopScheduler? _inference;
    private readonly CompositeDisposable _subscriptions = [];
    private readonly List<(Monitor Monitor, BedWatch Watch)> _beds = [];

    private Daemon(EdgeConfiguration configuration, ILoggerFactory loggers)
    {
        _configuration = configuration;
        _logger = loggers.CreateLogger("ecgfm-edge");
        Model = EcgModel.Load(configuration.ModelPath, new InferenceOptions { Threads = configuration.Threads, Warning = text => _logger.LogWarning("{Warning}", text) });
        RejectRulesWithoutLabel();
        if (configuration.Broker is { } broker)
        {
            var names = configuration.Beds.Select(bed => bed.Name).ToList();
            var status = new StatusMessage(DeviceState.Online, Guid.CreateVersion7(), Version, names, _time.GetUtcNow());
            _outbox = configuration.StateDirectory is { } folder ? MessageOutbox.Open(Path.Combine(Directory.CreateDirectory(folder).FullName, "outbox.db")) : MessageOutbox.InMemory();
            _link = new BrokerLink(broker, _outbox, new RetainedStatus(configuration.Topics.Status, status), _time, loggers.CreateLogger("mqtt"));
            _publisher = new TelemetryPublisher(_link, configuration.Topics, names, _time, loggers.CreateLogger("alerts"));
        }

        // One thread for all beds: a session interprets one window at a time, and the newest of each bed waits.
        if (configuration.SkipWhenSlow) _inference = new EventLoopScheduler(work => new Thread(work) { Name = "inference", IsBackground = true });
        foreach (var bed in configuration.Beds) Add(bed, loggers);
    }

    /// <summary>The version of this program.</summary>
    public static string Version => typeof(Daemon).Assembly.GetName().Version!.ToString(3);

    /// <summary>The network.</summary>
    public EcgModel Model { get; }

    /// <summary>The monitor of each bed; whoever wants to see everything subscribes before it runs.</summary>
    public IEnumerable<Monitor> Monitors => _beds.Select(bed => bed.Monitor);

    /// <summary>How many messages the broker has not acknowledged.</summary>
    public int Undelivered => _outbox?.Count ?? 0;

    /// <summary>Loads the network and opens the outbox; devices are opened when it runs.</summary>
    public static Daemon Create(EdgeConfiguration configuration, ILoggerFactory loggers) => new(configuration, loggers);

    /// <summary>Runs until all sources have ended, or until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var linkStop = new CancellationTokenSource();
        var link = _link?.RunAsync(linkStop.Token) ?? Task.CompletedTask;
        var health = ReportHealthAsync(linkStop.Token);
        _logger.LogInformation("Monitoring {Beds} with {Model} on {Provider}.", string.Join(", ", _beds.Select(bed => bed.Monitor.Bed)), Describe(), Model.Provider);
        try
        {
            await Task.WhenAll(_beds.Select(bed => RunAsync(bed.Monitor, bed.Watch, stop))).ConfigureAwait(false);
            // A replay may be over before the link stands.
            if (_link is not null) await _link.DeliverAsync(DeliveryPatience).ConfigureAwait(false);
        }
        finally
        {
            // The link goes last: it takes with it what the beds have still said.
            await linkStop.CancelAsync().ConfigureAwait(false);
            await link.ConfigureAwait(false);
            await health.ConfigureAwait(false);
        }
    }

    /// <summary>The network as name, version and precision.</summary>
    public string Describe() => $"{Model.Identity.Name} {Model.Identity.Version} {Model.Identity.Precision}";

    /// <inheritdoc/>
    public void Dispose()
    {
        _subscriptions.Dispose();
        foreach (var (monitor, _) in _beds) monitor.Dispose();
        _inference?.Dispose();
        _link?.Dispose();
        _outbox?.Dispose();
        Model.Dispose();
    }

    /// <summary>A rule on a label that the network does not have would be silent for ever.</summary>
    private void RejectRulesWithoutLabel()
    {
        var labels = Model.Labels.Select(label => label.Name).ToList();
        var errors = _configuration.Rules.Index()
            .Where(rule => !labels.Contains(rule.Item.Label))
            .Select(rule => $"rules:{rule.Index}:label is \"{rule.Item.Label}\"; allowed with the model {Model.Identity.Name} is one of {string.Join(", ", labels)}")
            .ToList();
        if (errors.Count == 0) return;
        Model.Dispose();
        throw new ConfigurationException(errors);
    }

    private void Add(BedConfiguration bed, ILoggerFactory loggers)
    {
        var logger = loggers.CreateLogger(bed.Name);
        var source = SourceFactory.Create(bed.Source, logger);
        var watch = new BedWatch(bed.Name, source.Name);
        var finite = bed.Source is not SourceConfiguration.Device;
        var options = new MonitorOptions
        {
            Bed = bed.Name,
            Source = source,
            Finite = finite,
            Hop = bed.Hop,
            Rules = _configuration.Rules,
            Inference = _inference,
            DeviceEvents = Observer.Create<DeviceEvent>(change => Report(change, watch, logger)),
            WithVitals = _configuration.WithVitals,
            OnFault = fault => logger.LogError("The flow failed and begins again: {Fault}", fault.Message),
            OnInferenceFault = fault => logger.LogError("The window of {Start:HH:mm:ss} could not be interpreted: {Fault}", fault.Window.Window.Start, fault.Error.Message),
        };
        var monitor = new Monitor(options, Model, _publisher ?? (ITelemetrySink)new NoTelemetry());
        _subscriptions.Add(monitor.Interpretations.Subscribe(watch.Count));
        // A record is there or the daemon would not have come so far; a device says when it delivers.
        if (finite) watch.Connected();
        _beds.Add((monitor, watch));
    }

    private static void Report(DeviceEvent change, BedWatch watch, ILogger logger)
    {
        switch (change)
        {
            case DeviceEvent.Connected:
                watch.Connected();
                logger.LogInformation("The device delivers.");
                break;
            case DeviceEvent.Lost lost:
                watch.Lost(lost.Message);
                logger.LogWarning("{Fault}", lost.Message);
                break;
        }
    }

    private async Task RunAsync(Monitor monitor, BedWatch watch, CancellationToken stop)
    {
        try
        {
            await monitor.RunAsync(stop).ConfigureAwait(false);
            watch.Lost("The source has ended.");
        }
        catch (Exception fault) when (!stop.IsCancellationRequested)
        {
            // At once: other beds may go on for days before anybody hears of it by the exit code.
            watch.Lost(fault.Message);
            _logger.LogError("Monitoring of {Bed} has ended: {Fault}", monitor.Bed, fault.Message);
            throw;
        }
    }

    private async Task ReportHealthAsync(CancellationToken stop)
    {
        if (_publisher is null) return;
        var meter = new ProcessMeter(_time);
        using var timer = new PeriodicTimer(HealthPeriod, _time);
        try
        {
            if (_link is not null) _link.Connected += (_, _) => Report();
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false)) Report();
        }
        catch (OperationCanceledException)
        {
            // The daemon stops.
        }

        void Report()
        {
            try
            {
                _publisher.Publish(new HealthMessage
                {
                    Time = _time.GetUtcNow(),
                    Model = Describe(),
                    Provider = Model.Provider,
                    Queued = Undelivered,
                    CpuPercent = meter.CpuPercent(),
                    MemoryMebibytes = ProcessMeter.MemoryMebibytes,
                    Beds = [.. _beds.Select(bed => bed.Watch.Report())],
                });
            }
            catch (Exception fault) when (fault is IOException or System.Data.Common.DbException)
            {
                _logger.LogError("The health report failed: {Fault}", fault.Message);
            }
        }
    }
}
