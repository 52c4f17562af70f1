using System.Reactive.Concurrency;
using System.Reactive.Linq;
using EcgFm.Acquisition;
using EcgFm.Acquisition.Simulation;
using EcgFm.Core;
using EcgFm.Model.Inference;
using EcgFm.Telemetry;
using EcgFm.Testing;

namespace EcgFm.Edge.Tests;

/// <summary>The composed flow under a virtual clock, with a made-up network.</summary>
public class MonitorTests
{
    private readonly HistoricalScheduler _clock = new(Interpretations.Start);
    private readonly List<Alert> _alerts = [];
    private readonly List<Interpretation> _windows = [];
    private readonly List<Vitals> _vitals = [];

    /// <summary>Calls atrial fibrillation what its heart rate makes look like it: a rule of thumb that a test can steer, and that no beats contradict.</summary>
    private sealed class FastIsFibrillation : IInterpreter
    {
        public Interpretation Interpret(AssessedWindow window) =>
            Interpretations.Window(0, window.HeartRate > 90 ? 0.95f : 0.05f) with { Input = window with { Rhythm = null } };
    }

    /// <summary>The first subscription fails after a while, as a device does whose samples no stage can read.</summary>
    private sealed class FailingFirst(IEcgSource source, TimeSpan after) : IEcgSource
    {
        private int _subscriptions;

        public string Name => source.Name;

        public IObservable<EcgBlock> Blocks() => Observable.Defer(() => _subscriptions++ == 0
            ? source.Blocks().Select(block => block.FirstSample / block.SampleRate < after.TotalSeconds ? block : block with { Channels = new(["what", "is", "this"]), Samples = new float[3] })
            : source.Blocks());
    }

    private Task Run(IEcgSource source, bool finite, List<Exception>? faults = null)
    {
        var monitor = new Monitor(
            new MonitorOptions { Bed = "bed-1", Source = source, Finite = finite, Scheduler = _clock, OnFault = fault => faults?.Add(fault) },
            new FastIsFibrillation(),
            new NoTelemetry());
        monitor.Alerts.Subscribe(_alerts.Add);
        monitor.Interpretations.Subscribe(_windows.Add);
        monitor.Vitals.Subscribe(_vitals.Add);
        return monitor.RunAsync(CancellationToken.None);
    }

    private SimulatorSource Patient(string script) => new(RhythmScript.Parse(script), scheduler: _clock);

    [Fact]
    public void An_hour_of_monitoring_gives_every_window_every_second_and_the_alert()
    {
        var running = Run(Patient("sinus@60:20m,tachy@110:10m,sinus@60:30m"), finite: true);
        _clock.AdvanceBy(TimeSpan.FromHours(1) + TimeSpan.FromSeconds(1));

        Assert.True(running.IsCompletedSuccessfully);
        Assert.Equal(360, _windows.Count);
        Assert.Equal(3591, _vitals.Count);
        Assert.Equal([AlertState.Onset, AlertState.Cleared], _alerts.Select(alert => alert.State));
        var start = Interpretations.Start;
        Assert.InRange(_alerts[0].Time, start.AddMinutes(20.5), start.AddMinutes(21));
        Assert.InRange(_alerts[1].Time, start.AddMinutes(30.5), start.AddMinutes(31));
    }

    [Fact]
    public void A_flow_that_fails_begins_again_and_its_watchers_go_on_watching()
    {
        var faults = new List<Exception>();
        var running = Run(new FailingFirst(Patient("sinus@60"), TimeSpan.FromSeconds(35)), finite: false, faults);
        _clock.AdvanceBy(TimeSpan.FromMinutes(2));

        Assert.False(running.IsCompleted);
        Assert.Single(faults);
        // Three windows before the fault; five seconds later the stream starts again.
        Assert.Equal(3 + 7, _windows.Count);
        Assert.Equal(Interpretations.Start.AddSeconds(40), _windows[3].Input.Window.Start, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_record_that_fails_ends_with_its_error()
    {
        var running = Run(new FailingFirst(Patient("sinus@60"), TimeSpan.FromSeconds(5)), finite: true);
        _clock.AdvanceBy(TimeSpan.FromSeconds(10));
        Assert.Contains("what", running.Exception!.InnerException!.Message, StringComparison.Ordinal);
    }
}
