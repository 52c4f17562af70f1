using System.Reactive;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Reactive.Threading.Tasks;
using EcgFm.Acquisition;
using EcgFm.Acquisition.Recording;
using EcgFm.Alerts;
using EcgFm.Core;
using EcgFm.Edge.Alerting;
using EcgFm.Edge.Models;
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
    private readonly CommandDesk _desk = new(options.Scheduler);

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
        Analyse()
            .Alongside(_desk.Heard, HostSeconds.Of(options.Scheduler))
            .RaiseAlerts(options.Alerts with { Bed = Bed, Hop = options.Hop, State = telemetry.State(Bed) })
            .PublishTo(telemetry)
            .SelectMany(update => update.Steps)
            .Do(_alerts.OnNext)
            .LastOrDefaultAsync()
            .ToTask(stop);

    /// <summary>A person asks something of the bed's alerts.</summary>
    public CommandAnswer Ask(AlertCommand command) => _desk.Ask(command);

    /// <summary>Lets go of whoever still watches; only after it has run.</summary>
    public void Dispose()
    {
        _interpretations.Dispose();
        _alerts.Dispose();
        _vitals.Dispose();
        _desk.Dispose();
    }

    /// <summary>From the source to what the alerts hear. What fails here begins again, and the alerts behind it keep their state.</summary>
    private IObservable<AlertInput> Analyse()
    {
        var heard = options.Source is IPulseSource sensor ? Count(sensor) : Analyse((IEcgSource)options.Source);
        return options.Finite ? heard : heard.Restart(options.RestartPause, Hear, options.Scheduler);
    }

    private IObservable<AlertInput> Analyse(IEcgSource source)
    {
        var samples = source.Blocks();
        // A device comes back; a record that cannot be read never will.
        if (!options.Finite) samples = samples.Reconnect(events: Observer.Create<DeviceEvent>(Hear), scheduler: options.Scheduler);

        return Wave(samples
            .RecordTo(options.Recorder)
            .ToStandardLeads()
            .Resample(EcgWindow.SampleRate))
            .Publish(blocks => Labels(blocks).Merge(EachSecond(blocks)));
    }

    /// <summary>From a sensor that gives no ECG: vitals and what rests on them, never a window.</summary>
    private IObservable<AlertInput> Count(IPulseSource sensor) => sensor.Pulses()
        .Reconnect(events: Observer.Create<DeviceEvent>(Hear), scheduler: options.Scheduler)
        .Vitals()
        .PublishTo(telemetry, Bed)
        .Do(_vitals.OnNext)
        .Select(vitals => new AlertInput.Counted(vitals));

    private IObservable<EcgBlock> Wave(IObservable<EcgBlock> blocks) => options.WithWave ? blocks.PublishTo(telemetry, Bed) : blocks;

    private IObservable<AlertInput> Labels(IObservable<EcgBlock> blocks)
    {
        var windows = blocks
            .Windows(options.Hop, finite: options.Finite)
            .AssessQuality()
            .JudgeRhythm(options.Rhythm);

        var interpretations = options.Inference is { } queue
            ? windows.InterpretLive(queue, Hear)
            : windows.Interpret(model, Hear);
        return interpretations
            .PublishTo(telemetry, Bed)
            .Do(_interpretations.OnNext)
            .Select(result => new AlertInput.Interpreted(result));
    }

    private IObservable<AlertInput> EachSecond(IObservable<EcgBlock> blocks)
    {
        if (!options.WithVitals) return Observable.Empty<AlertInput>();
        var seconds = blocks
            .Windows(hop: TimeSpan.FromSeconds(1))
            .AssessQuality();

        return seconds.Publish(shared => shared
            .Vitals()
            .PublishTo(telemetry, Bed)
            .Do(_vitals.OnNext)
            .SelectMany(_ => Observable.Empty<AlertInput>())
            .Merge(shared.Select(window => new AlertInput.Assessed(window))));
    }

    private void Hear(DeviceEvent change)
    {
        options.DeviceEvents?.OnNext(change);
        if (DeviceSigns.Of(change) is { } sign) _desk.Hear(sign);
    }

    private void Hear(InferenceFault fault)
    {
        options.OnInferenceFault?.Invoke(fault);
        // That there is no network at all is an alert of the box.
        _desk.Hear(new AlertInput.Failed(fault.Window, fault.Error is NoNetworkException ? null : fault.Error.Message));
    }

    private void Hear(Exception fault)
    {
        options.OnFault?.Invoke(fault);
        _desk.Hear(TechnicalCondition.AnalysisFailing, present: true, fault.Message);
    }
}
