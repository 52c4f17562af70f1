using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Reactive.Threading.Tasks;
using EcgFm.Acquisition;
using EcgFm.Alerts;
using EcgFm.Core;
using EcgFm.Model;
using EcgFm.Signal;
using EcgFm.Telemetry;

namespace EcgFm.Edge;

/// <summary>One bed: the whole flow from the samples of a device to alerts, on one page.</summary>
public sealed class Monitor
{
    private readonly IConnectableObservable<EcgBlock> _blocks;
    private readonly IConnectableObservable<Interpretation> _interpretations;
    private readonly IConnectableObservable<Alert> _alerts;

    /// <param name="options">The bed, its source, its pace and its rules.</param>
    /// <param name="model">The network.</param>
    /// <param name="telemetry">Where everything is published.</param>
    public Monitor(MonitorOptions options, EcgModel model, ITelemetrySink telemetry)
    {
        Bed = options.Bed;

        _blocks = options.Source.Blocks()
            .Reconnect(options.Reconnect, options.DeviceEvents, options.Scheduler)
            .ToStandardLeads()
            .Resample(EcgWindow.SampleRate)
            .Publish();

        _interpretations = _blocks
            .Windows(options.Hop)
            .AssessQuality()
            .Interpret(model, options.Pace)
            .PublishTo(telemetry, Bed)
            .Publish();

        _alerts = _interpretations
            .RaiseAlerts(options.Rules, Bed)
            .PublishTo(telemetry)
            .Publish();

        Vitals = _blocks
            .Windows(TimeSpan.FromSeconds(1))
            .AssessQuality()
            .Publish()
            .RefCount();
    }

    /// <summary>The bed.</summary>
    public string Bed { get; }

    /// <summary>Each window's labels.</summary>
    public IObservable<Interpretation> Interpretations => _interpretations;

    /// <summary>Each step of each alert, after it has been stored for publishing.</summary>
    public IObservable<Alert> Alerts => _alerts;

    /// <summary>Heart rate and lead state, every second; worked out only while somebody listens.</summary>
    public IObservable<AssessedWindow> Vitals { get; }

    /// <summary>Runs the flow until its source ends or fails, or until it is told to stop. Whoever wants to see everything subscribes before.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var end = _alerts.LastOrDefaultAsync().ToTask(stop);
        // From the end to the beginning, so that no stage misses the first block.
        using var flow = new CompositeDisposable { _alerts.Connect(), _interpretations.Connect(), _blocks.Connect() };
        await end.ConfigureAwait(false);
    }
}
