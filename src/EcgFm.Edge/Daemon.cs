using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using EcgFm.Acquisition;
using EcgFm.Acquisition.Bluetooth;
using EcgFm.Acquisition.Devices;
using EcgFm.Alerts;
using EcgFm.Core;
using EcgFm.Edge.Alerting;
using EcgFm.Edge.Configuration;
using EcgFm.Edge.Health;
using EcgFm.Edge.Models;
using EcgFm.Model.Inference;
using EcgFm.Telemetry;
using Microsoft.Extensions.Logging;

namespace EcgFm.Edge;

/// <summary>All beds of a configuration, the network they share, and the link to the broker.</summary>
internal sealed class Daemon : IDisposable
{
    private static readonly TimeSpan DeliveryPatience = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _time = TimeProvider.System;
    private readonly EdgeConfiguration _configuration;
    private readonly ILogger _logger;
    private readonly AlertOptions _alerts;
    private readonly ModelKeeper _models;
    private readonly Uplink? _uplink;
    private readonly BoxMonitor? _box;
    private readonly EventLoopScheduler? _inference;
    private readonly InferenceQueue? _queue;
    private readonly Recorders _recorders;
    private readonly List<WatchedBed> _beds = [];
    private readonly SerialPortProfile _serial = new();
    private readonly CompositeDisposable _subscriptions = [];
    private readonly ServiceManager _service = ServiceManager.FromEnvironment();
    private readonly DeviceHealth _health;
    private readonly EdgeMeter _meter;

    private Daemon(EdgeConfiguration configuration, ILoggerFactory loggers)
    {
        _configuration = configuration;
        _logger = loggers.CreateLogger("ecgfm-edge");
        _alerts = new AlertOptions { Rules = configuration.Rules, LongestPause = configuration.LongestPause };
        var package = () => configuration.Store?.Current ?? configuration.ModelPath;
        RuleLabels.Check(configuration.Rules, package());
        _models = new ModelKeeper(package, Load, Model, _logger, () => _uplink?.Say(Model, _health!));
        _recorders = new Recorders(configuration.Recording, _time);
        if (!configuration.Unattended) Model.Take(Load(configuration.ModelPath));
        if (configuration.Broker is { } broker)
        {
            _uplink = new Uplink(configuration, broker, Model, _time, loggers);
            _uplink.Publisher.Commands = Obey;
            _box = new BoxMonitor(_uplink.Conditions, () => Model.Absence, () => _recorders.Fault, _alerts, _uplink.Publisher, Scheduler.Default);
        }

        // One thread and one queue for all beds: the newest window of each waits, and those that wait together are interpreted together.
        if (configuration.SkipWhenSlow)
        {
            _inference = new EventLoopScheduler(work => new Thread(work) { Name = "inference", IsBackground = true });
            _queue = new InferenceQueue(Model, _inference, configuration.Inference.MostWindows);
        }

        foreach (var bed in configuration.Beds) Add(bed, loggers);
        _health = new(Model, [.. _beds.Select(bed => bed.Watch)], _uplink is { } uplink ? () => uplink.Condition : null, _time);
        _meter = new(_health);

        EcgModel Load(string folder) => ModelLoading.Load(folder, configuration, text => _logger.LogWarning("{Warning}", text));
    }

    /// <summary>The version of this program.</summary>
    public static string Version => typeof(Daemon).Assembly.GetName().Version!.ToString(3);

    /// <summary>The network, if there is one.</summary>
    public ModelSlot Model { get; } = new();

    /// <summary>The monitor of each bed; whoever wants to see everything subscribes before it runs.</summary>
    public IEnumerable<Monitor> Monitors => _beds.Select(bed => bed.Monitor);

    /// <summary>How many messages the broker has not acknowledged.</summary>
    public int Undelivered => _uplink?.Undelivered ?? 0;

    /// <summary>Opens the outbox, and loads the network where somebody stands by; devices are opened when it runs.</summary>
    public static Daemon Create(EdgeConfiguration configuration, ILoggerFactory loggers) => new(configuration, loggers);

    /// <summary>Runs until all sources have ended, or until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var lastStop = new CancellationTokenSource();
        var watchdog = new Watchdog(_service, _health, _time, _logger).RunAsync(lastStop.Token);
        var uplink = _uplink?.RunAsync(_health, lastStop.Token) ?? Task.CompletedTask;
        _uplink?.AbandonAlerts([.. _configuration.Beds.Select(bed => bed.Name)]);
        var box = _box?.RunAsync(lastStop.Token) ?? Task.CompletedTask;
        // On another thread: TensorRT may need minutes to load a network, and the beds are watched meanwhile.
        var models = _configuration.Unattended ? Task.Run(() => _models.RunAsync(_time, lastStop.Token), CancellationToken.None) : Task.CompletedTask;
        await using var watchers = await Watchers.OpenAsync(_configuration, _health, _meter, _logger).ConfigureAwait(false);
        _logger.LogInformation("Monitoring {Beds}.", string.Join(", ", _beds.Select(bed => bed.Monitor.Bed)));
        try
        {
            var monitoring = Task.WhenAll(_beds.Select(bed => bed.RunAsync(stop)));
            _service.Ready($"Monitoring {_beds.Count} beds");
            await monitoring.ConfigureAwait(false);
            // A replay may be over before the link stands.
            if (_uplink is not null) await _uplink.DeliverAsync(DeliveryPatience).ConfigureAwait(false);
        }
        finally
        {
            _service.Stopping();
            await _recorders.CompleteAsync().ConfigureAwait(false);
            // The link goes last: it takes with it what the beds have still said.
            await lastStop.CancelAsync().ConfigureAwait(false);
            await uplink.ConfigureAwait(false);
            await watchdog.ConfigureAwait(false);
            await box.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await models.ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _subscriptions.Dispose();
        foreach (var bed in _beds) bed.Dispose();
        _box?.Dispose();
        _inference?.Dispose();
        _meter.Dispose();
        _service.Dispose();
        _uplink?.Dispose();
        Model.Dispose();
    }

    private CommandAnswer Obey(AlertCommand command) =>
        command.Bed is null ? _box!.Ask(command) : Monitors.Single(monitor => monitor.Bed == command.Bed).Ask(command);

    private void Add(BedConfiguration bed, ILoggerFactory loggers)
    {
        var logger = loggers.CreateLogger(bed.Name);
        var source = SourceFactory.Create(bed.Source, _serial, logger);
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
            DeviceEvents = Observer.Create<DeviceEvent>(change => WatchedBed.Report(change, watch, logger)),
            WithVitals = _configuration.WithVitals,
            WithWave = _configuration.WithWave,
            OnFault = fault => logger.LogError("The flow failed and begins again: {Fault}", fault.Message),
            OnInferenceFault = fault => logger.LogError("The window of {Start:HH:mm:ss} could not be interpreted: {Fault}", fault.Window.Window.Start, fault.Error.Message),
        };
        var monitor = new Monitor(options, Model, _uplink?.Publisher ?? (ITelemetrySink)new NoTelemetry());
        if (recorder is not null) _subscriptions.Add(monitor.Alerts.Subscribe(recorder.Annotate));
        // A record is there or the daemon would not have come so far; a device says when it delivers.
        if (finite) watch.Connected();
        _beds.Add(new WatchedBed(monitor, watch, logger));
    }
}
