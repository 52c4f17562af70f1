using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using EcgFm.Alerts;
using EcgFm.Core;
using EcgFm.Telemetry;

namespace EcgFm.Edge.Alerting;

/// <summary>The box itself: alerts about the link to the broker, the disk, the clock and the network, which concern every bed.</summary>
/// <param name="conditions">How link and outbox are, whenever it changes.</param>
/// <param name="networkAbsence">Says why there is no network; null when there is one.</param>
/// <param name="recordingFault">Says why a bed is not recorded; null when each that should be is.</param>
/// <param name="alerts">The rules.</param>
/// <param name="telemetry">Where the alerts go.</param>
/// <param name="scheduler">The clock.</param>
internal sealed class BoxMonitor(IObservable<TelemetryCondition> conditions, Func<string?> networkAbsence, Func<string?> recordingFault, AlertOptions alerts, ITelemetrySink telemetry, IScheduler scheduler) : IDisposable
{
    private readonly CommandDesk _desk = new(scheduler);

    /// <summary>Runs until it is told to stop.</summary>
    public Task RunAsync(CancellationToken stop)
    {
        var links = conditions.CombineLatest(Watch(recordingFault).StartWith(recordingFault()), new LinkSigns(alerts.Rules, scheduler).Of).SelectMany(signs => signs);
        var clock = ClockSteps.Watch(scheduler).SelectMany(Signs);
        var network = Watch(networkAbsence)
            .Select(absence => new AlertInput.Sign(scheduler.Now, TechnicalCondition.NetworkUnusable, absence is not null, absence));
        return Observable.Merge<AlertInput>(links, clock, network, _desk.Heard, HostSeconds.Of(scheduler))
            .RaiseAlerts(alerts with { Bed = null, State = telemetry.State(null) })
            .PublishTo(telemetry)
            .LastOrDefaultAsync()
            .ToTask(stop);
    }

    /// <summary>A person asks something of the box's alerts.</summary>
    public CommandAnswer Ask(AlertCommand command) => _desk.Ask(command);

    /// <inheritdoc/>
    public void Dispose() => _desk.Dispose();

    private IObservable<string?> Watch(Func<string?> fault) => HostSeconds.Of(scheduler).Select(_ => fault()).DistinctUntilChanged();

    /// <summary>A step of the clock is over as soon as it has happened; the alert's own delay keeps it in sight.</summary>
    private IEnumerable<AlertInput> Signs(TimeSpan step)
    {
        var detail = FormattableString.Invariant($"It was set by {step.TotalSeconds:+0.0;-0.0} s; times of alerts before and after differ by that.");
        yield return new AlertInput.Sign(scheduler.Now, TechnicalCondition.ClockStepped, Present: true, detail);
        yield return new AlertInput.Sign(scheduler.Now, TechnicalCondition.ClockStepped, Present: false, detail);
    }
}
