using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Reactive.Threading.Tasks;
using EcgFm.Acquisition;
using EcgFm.Acquisition.Recording;
using EcgFm.Alerts;
using EcgFm.Core;
using EcgFm.Model.Inference;
using EcgFm.Signal;
using EcgFm.Telemetry;

namespace EcgFm.Edge;

/// <summary>One bed: the whole flow from the samples of a device to alerts, on one page.</summary>
/// <param name="options">The bed, its source, its pace and its rules.</param>
/// <param name="model">The network.</param>
/// <param name="telemetry">Where everything is published.</param>
public sealed class Monitor(MonitorOptions options, IInterpreter model, ITelemetrySink telemetry) : IDisposable
{
    // They outlive a fault of the flow: whoever watches a bed goes on watching when it starts again.
    private readonly Subject<Interpretation> _interpretations = new();
    private readonly Subject<Alert> _alerts = new();
    private readonly Subject<Vitals> _vitals = new();

    /// <summary>The bed.</summary>
    public string Bed => options.Bed;

    /// <summary>Each window's labels.</summary>
    public IObservable<Interpretation> Interpretations => _interpretations;

    /// <summary>Each step of each alert, after it has been stored for publishing.</summary>
    public IObservable<Alert> Alerts => _alerts;

    /// <summary>Heart rate and lead state, every second.</summary>
    public IObservable<Vitals> Vitals => _vitals;

    /// <summary>Runs until the source ends or fails, or until it is told to stop. Whoever wants to see everything subscribes before.</summary>
    public Task RunAsync(CancellationToken stop) =>
        Interpret()
            .PublishTo(telemetry, Bed)
            .Do(_interpretations.OnNext)
            .RaiseAlerts(options.Rules, Bed)
            .PublishTo(telemetry)
            .Do(_alerts.OnNext)
            .LastOrDefaultAsync()
            .ToTask(stop);

    /// <summary>Lets go of whoever still watches; only after it has run.</summary>
    public void Dispose()
    {
        _interpretations.Dispose();
        _alerts.Dispose();
        _vitals.Dispose();
    }

    /// <summary>From the samples to the labels. What fails here begins again, and the alerts behind it keep their state.</summary>
    private IObservable<Interpretation> Interpret()
    {
        var samples = options.Source.Blocks();
        // A device comes back; a record that cannot be read never will.
        if (!options.Finite) samples = samples.Reconnect(events: options.DeviceEvents, scheduler: options.Scheduler);

        var interpretations = Wave(samples
            .RecordTo(options.Recorder)
            .ToStandardLeads()
            .Resample(EcgWindow.SampleRate))
            .Publish(blocks => Labels(blocks).Merge(HeartRate(blocks)));

        return options.Finite ? interpretations : interpretations.Restart(options.RestartPause, options.OnFault, options.Scheduler);
    }

    private IObservable<EcgBlock> Wave(IObservable<EcgBlock> blocks) => options.WithWave ? blocks.PublishTo(telemetry, Bed) : blocks;

    private IObservable<Interpretation> Labels(IObservable<EcgBlock> blocks)
    {
        var windows = blocks
            .Windows(options.Hop, padLast: options.Finite)
            .AssessQuality();

        return options.Inference is { } queue
            ? windows.InterpretLive(queue, options.OnInferenceFault)
            : windows.Interpret(model, options.OnInferenceFault);
    }

    private IObservable<Interpretation> HeartRate(IObservable<EcgBlock> blocks) =>
        options.WithVitals
            ? blocks
                .Windows(hop: TimeSpan.FromSeconds(1))
                .AssessQuality()
                .Vitals()
                .PublishTo(telemetry, Bed)
                .Do(_vitals.OnNext)
                .SelectMany(_ => Observable.Empty<Interpretation>())
            : Observable.Empty<Interpretation>();
}
