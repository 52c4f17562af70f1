using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using EcgFm.Acquisition;
using EcgFm.Acquisition.Devices;
using EcgFm.Alerts;
using EcgFm.Core;
using EcgFm.Edge.Configuration;
using EcgFm.Edge.Health;
using EcgFm.Edge.Models;
using EcgFm.Model;
using EcgFm.Model.Inference;
using EcgFm.Model.Packages;
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
    private readonly StatusMessage? _status;
    private readonly BrokerLink? _link;
    private readonly TelemetryPublisher? _publisher;
    private readonly ModelKeeper _models;
    private readonly EventLoopScheduler? _inference;
    private readonly AlertOptions _alerts;
    private readonly BoxMonitor? _box;
    private readonly InferenceQueue? _queue;
    private readonly CompositeDisposable _subscriptions = [];
    private readonly ServiceManager _service = ServiceManager.FromEnvironment();
    private readonly DeviceHealth _health;
    private readonly EdgeMeter _meter;
    private readonly List<(Monitor Monitor, BedWatch Watch)> _beds = [];
    private readonly Recorders _recorders;

    private Daemon(EdgeConfiguration configuration, ILoggerFactory loggers)
    {
        _configuration = configuration;
        _logger = loggers.CreateLogger("ecgfm-edge");
        _alerts = new AlertOptions { Rules = configuration.Rules, LongestPause = configuration.LongestPause };
        _models = new ModelKeeper(
            () => configuration.Store?.Current ?? configuration.ModelPath,
            folder => ModelLoading.Load(folder, configuration, text => _logger.LogWarning("{Warning}", text)),
            Model,
            _logger,
            SayModel);
        RejectRulesWithoutLabel();
        _recorders = new Recorders(configuration.Recording, _time);
        if (!configuration.Unattended) Model.Take(ModelLoading.Load(configuration.ModelPath, configuration, text => _logger.LogWarning("{Warning}", text)));
        if (configuration.Broker is { } broker)
        {
            var names = configuration.Beds.Select(bed => bed.Name).ToList();
            _status = new StatusMessage(DeviceState.Online, Guid.CreateVersion7(), Version, names, _time.GetUtcNow());
            _outbox = configuration.StateDirectory is { } folder ? OpenOutbox(folder, broker, loggers) : MessageOutbox.InMemory(broker.Outbox);
            _link = new BrokerLink(broker, _outbox, new RetainedStatus(configuration.Topics.Status, _status with { Model = Model.Description, Provider = Model.Provider }), _time, loggers.CreateLogger("mqtt"));
            _publisher = new TelemetryPublisher(_link, _outbox, configuration.Topics, names, _time, loggers.CreateLogger("alerts")) { Commands = Obey };
            _box = new BoxMonitor(_publisher.Conditions(Scheduler.Default), () => Model.Absence, () => _recorders.Fault, _alerts, _publisher, Scheduler.Default);
            if (configuration.HomeAssistant)
            {
                var announcements = new HomeAssistantDiscovery(configuration.Topics, Version).Announce(names);
                _link.Connected += (_, _) =>
                {
                    foreach (var (topic, payload) in announcements) _link.Announce(topic, payload);
                };
            }
        }

        // One thread and one queue for all beds: the newest window of each waits, and those that wait together are interpreted together.
        if (configuration.SkipWhenSlow)
        {
            _inference = new EventLoopScheduler(work => new Thread(work) { Name = "inference", IsBackground = true });
            _queue = new InferenceQueue(Model, _inference, configuration.Inference.MostWindows);
        }

        foreach (var bed in configuration.Beds) Add(bed, loggers);
        _health = new(Model, [.. _beds.Select(bed => bed.Watch)], _link is { } link ? () => link.Condition : null, _time);
        _meter = new(_health);
    }

    /// <summary>The version of this program.</summary>
    public static string Version => typeof(Daemon).Assembly.GetName().Version!.ToString(3);

    /// <summary>The network, if there is one.</summary>
    public ModelSlot Model { get; } = new();

    /// <summary>The monitor of each bed; whoever wants to see everything subscribes before it runs.</summary>
    public IEnumerable<Monitor> Monitors => _beds.Select(bed => bed.Monitor);

    /// <summary>How many messages the broker has not acknowledged.</summary>
    public int Undelivered => _outbox?.Count ?? 0;

    /// <summary>Opens the outbox, and loads the network where somebody stands by; devices are opened when it runs.</summary>
    public static Daemon Create(EdgeConfiguration configuration, ILoggerFactory loggers) => new(configuration, loggers);

    /// <summary>Runs until all sources have ended, or until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var linkStop = new CancellationTokenSource();
        var link = _link?.RunAsync(linkStop.Token) ?? Task.CompletedTask;
        var health = Task.WhenAll(ReportHealthAsync(linkStop.Token), new Watchdog(_service, _health, _time, _logger).RunAsync(linkStop.Token));
        AbandonAlerts();
        var box = _box?.RunAsync(linkStop.Token) ?? Task.CompletedTask;
        // On another thread: TensorRT may need minutes to load a network, and the beds are watched meanwhile.
        var models = _configuration.Unattended ? Task.Run(() => _models.RunAsync(_time, linkStop.Token), CancellationToken.None) : Task.CompletedTask;
        await using var endpoint = await OpenToWatchersAsync().ConfigureAwait(false);
        _logger.LogInformation("Monitoring {Beds}.", string.Join(", ", _beds.Select(bed => bed.Monitor.Bed)));
        try
        {
            var monitoring = Task.WhenAll(_beds.Select(bed => RunAsync(bed.Monitor, bed.Watch, stop)));
            _service.Ready($"Monitoring {_beds.Count} beds");
            await monitoring.ConfigureAwait(false);
            // A replay may be over before the link stands.
            if (_link is not null) await _link.DeliverAsync(DeliveryPatience).ConfigureAwait(false);
        }
        finally
        {
            _service.Stopping();
            await _recorders.CompleteAsync().ConfigureAwait(false);
            // The link goes last: it takes with it what the beds have still said.
            await linkStop.CancelAsync().ConfigureAwait(false);
            await link.ConfigureAwait(false);
            await health.ConfigureAwait(false);
            await box.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await models.ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _subscriptions.Dispose();
        foreach (var (monitor, _) in _beds) monitor.Dispose();
        _box?.Dispose();
        _inference?.Dispose();
        _meter.Dispose();
        _service.Dispose();
        _link?.Dispose();
        _outbox?.Dispose();
        Model.Dispose();
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

    private CommandAnswer Obey(AlertCommand command) =>
        command.Bed is null ? _box!.Ask(command) : Monitors.Single(monitor => monitor.Bed == command.Bed).Ask(command);

    /// <summary>Alerts from before the restart that nobody will follow are not to stand in the list for ever.</summary>
    private void AbandonAlerts()
    {
        if (_publisher is null) return;
        foreach (var bed in _publisher.BedsWithState)
        {
            if (bed is not null && _configuration.Beds.All(known => known.Name != bed))
                _publisher.Abandon(bed, "The bed is no longer configured.");
            else if (_publisher.State(bed) is { } state && !StoredAlerts.CanBeRead(state))
                _publisher.Abandon(bed, "Another version of the program stored it, and this one cannot read it.");
        }
    }

    /// <summary>A rule that somebody wrote on a label that the network does not have would be silent for ever: said before anything starts, where the package can be read.</summary>
    private void RejectRulesWithoutLabel()
    {
        ModelPackage package;
        try
        {
            package = ModelPackage.Load(_configuration.Store?.Current ?? _configuration.ModelPath);
        }
        catch (ModelFileException)
        {
            // Whoever loads it says what is wrong.
            return;
        }

        var labels = package.Labels.Select(label => label.Name).ToList();
        var errors = _configuration.Rules.OfType<LabelRule>()
            .Where(rule => rule.Required && !labels.Contains(rule.Label))
            .Select(rule => $"rules: label of \"{rule.Code}\" is \"{rule.Label}\"; allowed with the model {package.Identity.Name} is one of {string.Join(", ", labels)}")
            .ToList();
        if (errors.Count > 0) throw new ConfigurationException(errors);
    }

    private void Add(BedConfiguration bed, ILoggerFactory loggers)
    {
        var logger = loggers.CreateLogger(bed.Name);
        var source = SourceFactory.Create(bed.Source, logger);
        var watch = new BedWatch(bed.Name, source.Name, bed.Hop, _time) { Device = source as EcgDevice, Analysed = source is IEcgSource };
        var finite = bed.Source is not SourceConfiguration.Device;
        var recorder = source is not IEcgSource ? null : _recorders.Add(bed.Name, inStep: !_configuration.SkipWhenSlow, logger);
        var options = new MonitorOptions
        {
            Bed = bed.Name,
            Source = source,
            Finite = finite,
            Recorder = recorder,
            Hop = bed.Hop,
            Alerts = _alerts,
            Inference = _queue,
            DeviceEvents = Observer.Create<DeviceEvent>(change => Report(change, watch, logger)),
            WithVitals = _configuration.WithVitals,
            WithWave = _configuration.WithWave,
            OnFault = fault => logger.LogError("The flow failed and begins again: {Fault}", fault.Message),
            OnInferenceFault = fault => logger.LogError("The window of {Start:HH:mm:ss} could not be interpreted: {Fault}", fault.Window.Window.Start, fault.Error.Message),
        };
        var monitor = new Monitor(options, Model, _publisher ?? (ITelemetrySink)new NoTelemetry());
        _subscriptions.Add(monitor.Interpretations.Subscribe(watch.Count));
        _subscriptions.Add(monitor.Vitals.Subscribe(_ => watch.Moved()));
        if (recorder is not null) _subscriptions.Add(monitor.Alerts.Subscribe(recorder.Annotate));
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

    /// <summary>Which network runs, and on what, is told as soon as it changes.</summary>
    private void SayModel()
    {
        if (_status is null) return;
        _link?.Renew(_status with { Model = Model.Description, Provider = Model.Provider });
        _publisher?.Publish(_health.Report());
    }

    private async Task ReportHealthAsync(CancellationToken stop)
    {
        if (_publisher is null || _link is null) return;
        using var timer = new PeriodicTimer(HealthPeriod, _time);
        _link.Connected += (_, _) => _publisher.Publish(_health.Report());
        try
        {
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false)) _publisher.Publish(_health.Report());
        }
        catch (OperationCanceledException)
        {
            // The daemon stops.
        }
    }

    /// <summary>Those who watch the daemon: systemd, a scraper, a collector. None of them may keep it from monitoring.</summary>
    private async Task<IAsyncDisposable?> OpenToWatchersAsync()
    {
        if (_configuration.OpenTelemetry is { } collector)
            _subscriptions.Add(OpenTelemetryExport.Start(collector, $"{_configuration.Topics.Site}/{_configuration.Topics.Device}"));
        if (_configuration.HealthPort is not { } port) return null;
        try
        {
            return await HealthEndpoint.StartAsync(port, _health, _meter).ConfigureAwait(false);
        }
        catch (IOException fault)
        {
            _logger.LogError("Nothing listens on port {Port}: {Fault} Monitoring goes on.", port, fault.Message);
            return null;
        }
    }
}
