using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Subjects;
using EcgFm.Core;
using EcgFm.Edge.Alerting;
using EcgFm.Telemetry;
using EcgFm.Testing;

namespace EcgFm.Edge.Tests;

/// <summary>What concerns the whole box becomes alerts of the box, under a virtual clock.</summary>
public sealed class BoxMonitorTests : IDisposable
{
    private static readonly TelemetryCondition Well = new(Connected: true, Interpretations.Start, Queued: 0, Fill: 0, Discarded: 0, StorageFault: null, SetAside: null);

    private readonly HistoricalScheduler _time = new(Interpretations.Start);
    private readonly SettableClock _clock;
    private readonly BehaviorSubject<TelemetryCondition> _conditions = new(Well);
    private readonly Steps _steps = new();
    private readonly BoxMonitor _box;
    private readonly CancellationTokenSource _end = new();
    private string? _absence, _recordingFault;

    public BoxMonitorTests()
    {
        _clock = new(_time);
        _box = new(_conditions, () => _absence, () => _recordingFault, new(), _steps, _clock);
        _ = _box.RunAsync(_end.Token);
        Seconds(60);
    }

    public void Dispose()
    {
        _end.Cancel();
        _box.Dispose();
        _conditions.Dispose();
        _end.Dispose();
    }

    private void Seconds(int seconds) => _time.AdvanceBy(TimeSpan.FromSeconds(seconds));

    [Fact]
    public void A_box_on_which_all_is_well_says_nothing()
    {
        Seconds(3600);
        Assert.Empty(_steps.Taken);
    }

    [Fact]
    public void A_broker_that_is_away_a_disk_that_fails_an_outbox_that_fills_and_alerts_thrown_away_are_told_with_why()
    {
        _conditions.OnNext(Well with { Connected = false, Queued = 7, Fill = 0.6, Discarded = 2, StorageFault = "The disk is full." });
        Seconds(31);
        _conditions.OnNext(Well with { Discarded = 2 });
        Seconds(120);

        Assert.Equal(
            [("alerts-discarded", "2 messages since the start."), ("storage-failing", "The disk is full."), ("outbox-filling", "7 messages take 60 % of their room."), ("broker-lost", "7 messages wait.")],
            _steps.Taken.Where(step => step.State == AlertState.Onset).Select(step => (step.Code, step.Detail)));
        Assert.Equal(["broker-lost", "outbox-filling", "storage-failing"], _steps.Taken.Where(step => step.State == AlertState.Cleared).Select(step => step.Code).Order());
        var discarded = Assert.Single(_steps.Taken, step => step.State == AlertState.Latched);
        Assert.True(_box.Ask(new AlertCommand.Acknowledge(null, "nurse", discarded.Id)).Accepted);
        Assert.Equal((AlertState.Cleared, discarded.Id), (_steps.Taken[^1].State, _steps.Taken[^1].Id));
        Assert.All(_steps.Taken, step => Assert.Null(step.Bed));
    }

    [Fact]
    public void A_damaged_outbox_that_was_set_aside_is_told()
    {
        _conditions.OnNext(Well with { SetAside = "outbox.db.damaged" });
        Seconds(10);
        Assert.Contains("outbox.db.damaged", Assert.Single(_steps.Taken).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recording_that_cannot_be_written_is_told_beside_an_outbox_that_cannot_and_until_both_can()
    {
        _recordingFault = "No room for the recording.";
        Seconds(10);
        Assert.Equal(("storage-failing", "No room for the recording."), Assert.Single(_steps.Taken) is var onset ? (onset.Code, onset.Detail) : default);
        _conditions.OnNext(Well with { StorageFault = "The disk is full." });
        Seconds(60);
        Assert.Equal((AlertState.Ongoing, "The disk is full. No room for the recording."), (_steps.Taken[^1].State, _steps.Taken[^1].Detail));
        _recordingFault = null;
        Seconds(60);
        Assert.Equal((AlertState.Ongoing, "The disk is full."), (_steps.Taken[^1].State, _steps.Taken[^1].Detail));
        _conditions.OnNext(Well);
        Seconds(60);
        Assert.Equal(AlertState.Cleared, _steps.Taken[^1].State);
        Assert.Single(_steps.Taken.Select(step => step.Id).Distinct());
    }

    [Theory]
    [InlineData(3600, "+3600.0 s")]
    [InlineData(-2.5, "-2.5 s")]
    public void A_clock_that_is_set_is_told_with_by_how_much(double seconds, string told)
    {
        _clock.Offset += TimeSpan.FromSeconds(seconds);
        Seconds(5);
        var onset = Assert.Single(_steps.Taken);
        Assert.Equal("clock-stepped", onset.Code);
        Assert.Contains(told, onset.Detail, StringComparison.Ordinal);
        Seconds(605);
        Assert.Equal(AlertState.Cleared, _steps.Taken[^1].State);
    }

    [Fact]
    public void A_clock_that_is_slewed_is_not_set()
    {
        for (var i = 0; i < 3600; i++)
        {
            _clock.Offset += TimeSpan.FromMilliseconds(0.5);
            Seconds(1);
        }

        Assert.Empty(_steps.Taken);
    }

    [Fact]
    public void A_network_that_is_not_there_is_told_until_one_is()
    {
        _absence = "the self-test failed.";
        Seconds(32);
        Assert.Equal(("network-unusable", "the self-test failed."), Assert.Single(_steps.Taken) is var step ? (step.Code, step.Detail) : default);
        _absence = null;
        Seconds(2);
        Assert.Equal(AlertState.Cleared, _steps.Taken[^1].State);
    }

    /// <summary>Remembers the steps.</summary>
    private sealed class Steps : ITelemetrySink
    {
        public List<Alert> Taken { get; } = [];

        public IReadOnlyList<string?> BedsWithState => [];

        public void Publish(AlertUpdate update) => Taken.AddRange(update.Steps);

        public void Publish(Interpretation interpretation, string bed) => throw new NotSupportedException();

        public void Publish(Vitals vitals, string bed) => throw new NotSupportedException();

        public void PublishWave(byte[] wave, string bed) => throw new NotSupportedException();

        public byte[]? State(string? bed) => null;
    }

    /// <summary>Runs on another scheduler, whose stopwatches go on while this clock is set.</summary>
    private sealed class SettableClock(HistoricalScheduler time) : IScheduler, IServiceProvider
    {
        public TimeSpan Offset { get; set; }

        public DateTimeOffset Now => time.Now + Offset;

        public IDisposable Schedule<TState>(TState state, Func<IScheduler, TState, IDisposable> action) => time.Schedule((state, action), Run);

        public IDisposable Schedule<TState>(TState state, TimeSpan dueTime, Func<IScheduler, TState, IDisposable> action) => time.Schedule((state, action), dueTime, Run);

        public IDisposable Schedule<TState>(TState state, DateTimeOffset dueTime, Func<IScheduler, TState, IDisposable> action) => time.Schedule((state, action), dueTime - Offset, Run);

        public object? GetService(Type serviceType) => ((IServiceProvider)time).GetService(serviceType);

        private IDisposable Run<TState>(IScheduler scheduler, (TState State, Func<IScheduler, TState, IDisposable> Action) work) => work.Action(this, work.State) ?? Disposable.Empty;
    }
}
