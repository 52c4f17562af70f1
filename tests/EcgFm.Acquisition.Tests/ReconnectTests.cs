using System.Reactive.Concurrency;
using System.Reactive.Linq;
using EcgFm.Core;

namespace EcgFm.Acquisition.Tests;

public class ReconnectTests
{
    private static readonly DateTimeOffset Zero = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly ChannelLayout Layout = new(["II"]);
    private static readonly ReconnectPolicy NoJitter = new() { Jitter = 0 };

    private readonly HistoricalScheduler _scheduler = new(Zero);
    private readonly List<EcgBlock> _blocks = [];
    private readonly List<DeviceEvent> _events = [];

    [Fact]
    public void A_fault_becomes_events_and_the_stream_goes_on()
    {
        var source = Sessions(Session(5, new DeviceException(DeviceFault.Disconnected, "cut")), Session(5));
        using var subscription = Subscribe(source);

        _scheduler.AdvanceTo(Zero.AddSeconds(3));

        Assert.Equal(
            [
                new DeviceEvent.Connected(Zero.AddSeconds(0.1)),
                new DeviceEvent.Lost(Zero.AddSeconds(0.5), DeviceFault.Disconnected, "cut"),
                new DeviceEvent.Retrying(Zero.AddSeconds(0.5), TimeSpan.FromSeconds(0.5)),
                new DeviceEvent.Connected(Zero.AddSeconds(1.1)),
            ],
            _events);
        Assert.Equal(10, _blocks.Count);
    }

    [Fact]
    public void The_index_jumps_by_the_time_that_passed()
    {
        var source = Sessions(Session(5, Cut), Throw(DeviceFault.NotFound), Throw(DeviceFault.NotFound), Session(7, Cut), Session(5));
        using var subscription = Subscribe(source);

        _scheduler.AdvanceTo(Zero.AddSeconds(30));

        Assert.Equal(17, _blocks.Count);
        Assert.All(_blocks, block => Assert.Equal((long)Math.Round((block.Start - Zero).TotalSeconds * 500), block.FirstSample));
        Assert.All(_blocks.Zip(_blocks.Skip(1)), pair => Assert.True(pair.Second.FirstSample >= pair.First.FirstSample + pair.First.Length));
    }

    [Fact]
    public void The_delay_grows_to_its_cap_and_a_fault_that_stays_the_same_is_told_once()
    {
        var source = Sessions([.. Enumerable.Repeat(Throw(DeviceFault.NotFound), 4), .. Enumerable.Repeat(Throw(DeviceFault.Busy), 3), Session(5)]);
        using var subscription = Subscribe(source);

        _scheduler.AdvanceTo(Zero.AddSeconds(60));

        Assert.Equal([0.5, 1, 2, 4, 5, 5, 5], _events.OfType<DeviceEvent.Retrying>().Select(e => e.In.TotalSeconds));
        Assert.Equal([DeviceFault.NotFound, DeviceFault.Busy], _events.OfType<DeviceEvent.Lost>().Select(e => e.Fault));
        _ = Assert.IsType<DeviceEvent.Connected>(_events[^1]);
        Assert.Equal(0, _blocks[0].FirstSample);
    }

    [Fact]
    public void A_stable_connection_starts_the_delays_anew_and_a_brief_one_does_not()
    {
        var source = Sessions(Throw(DeviceFault.NotFound), Session(5, Cut), Session(150, Cut), Session(5, Cut), Session(5));
        using var subscription = Subscribe(source);

        _scheduler.AdvanceTo(Zero.AddSeconds(60));

        Assert.Equal([0.5, 1, 0.5, 1], _events.OfType<DeviceEvent.Retrying>().Select(e => e.In.TotalSeconds));
    }

    [Fact]
    public void Jitter_shortens_the_delay_by_chance_within_its_bounds()
    {
        var policy = new ReconnectPolicy { InitialDelay = TimeSpan.FromSeconds(8), MaxDelay = TimeSpan.FromSeconds(8), Jitter = 0.25 };
        using var subscription = Sessions([.. Enumerable.Repeat(Throw(DeviceFault.NotFound), 200), Session(1)])
            .Reconnect(policy, Events, _scheduler, new Random(5))
            .Subscribe(_blocks.Add);

        _scheduler.AdvanceTo(Zero.AddHours(1));

        var delays = _events.OfType<DeviceEvent.Retrying>().Select(e => e.In.TotalSeconds).ToList();
        Assert.Equal(200, delays.Count);
        Assert.All(delays, d => Assert.InRange(d, 6, 8));
        Assert.True(delays.Max() - delays.Min() > 1.8);
    }

    [Fact]
    public void Any_other_error_is_a_fault_too()
    {
        using var subscription = Subscribe(Sessions(Observable.Throw<EcgBlock>(new FormatException("odd")), Session(1)));

        _scheduler.AdvanceTo(Zero.AddSeconds(2));

        var lost = Assert.Single(_events.OfType<DeviceEvent.Lost>());
        Assert.Equal((DeviceFault.Failed, "odd"), (lost.Fault, lost.Message));
        _ = Assert.Single(_blocks);
    }

    [Fact]
    public void A_source_that_completes_completes_the_stream()
    {
        var completed = false;
        using var subscription = Session(3).Take(3).Reconnect(NoJitter, Events, _scheduler).Subscribe(_blocks.Add, () => completed = true);

        _scheduler.AdvanceTo(Zero.AddSeconds(2));

        Assert.True(completed);
        Assert.Equal(3, _blocks.Count);
        _ = Assert.Single(_events);
    }

    [Theory]
    [InlineData(86_400.0 * 365)]
    [InlineData(-7200.0)]
    public void When_the_clock_of_the_host_is_set_meanwhile_the_index_goes_by_the_stopwatch(double step)
    {
        var set = TimeSpan.Zero;
        var source = Sessions(Session(5, Cut), Session(5)).Select(b => b with { Start = b.Start + set });
        using var subscription = Subscribe(source);

        _scheduler.AdvanceTo(Zero.AddSeconds(0.7));
        set = TimeSpan.FromSeconds(step);
        _scheduler.AdvanceTo(Zero.AddSeconds(3));

        Assert.Equal(500, _blocks[5].FirstSample);
    }

    [Fact]
    public void A_device_that_comes_back_with_another_rate_goes_on_at_the_right_time()
    {
        using var subscription = Subscribe(Sessions(Session(5, Cut), Session(5, rate: 250)));

        _scheduler.AdvanceTo(Zero.AddSeconds(3));

        Assert.Equal((250, 250.0), (_blocks[5].FirstSample, _blocks[5].SampleRate));
    }

    [Fact]
    public void Disposing_ends_the_connection_and_the_waiting()
    {
        var open = 0;
        var source = Observable.Defer(() =>
        {
            open++;
            return Session(5, Cut).Finally(() => open--);
        });
        var subscription = Subscribe(source);
        _scheduler.AdvanceTo(Zero.AddSeconds(0.2));
        Assert.Equal(1, open);

        subscription.Dispose();
        Assert.Equal(0, open);

        subscription = Subscribe(source);
        _scheduler.AdvanceTo(Zero.AddSeconds(0.9));
        subscription.Dispose();
        var events = _events.Count;
        _scheduler.AdvanceTo(Zero.AddSeconds(20));
        Assert.Equal(0, open);
        Assert.Equal(events, _events.Count);
    }

    private static DeviceException Cut => new(DeviceFault.Disconnected, "cut");

    private IObserver<DeviceEvent> Events => System.Reactive.Observer.Create<DeviceEvent>(_events.Add);

    private IDisposable Subscribe(IObservable<EcgBlock> source) => source.Reconnect(NoJitter, Events, _scheduler).Subscribe(_blocks.Add);

    private static IObservable<EcgBlock> Throw(DeviceFault fault) => Observable.Throw<EcgBlock>(new DeviceException(fault, fault.ToString()));

    /// <summary>Blocks of 100 ms, whose time is that of the scheduler; then the error with the last of them, or silence.</summary>
    private IObservable<EcgBlock> Session(int blocks, Exception? end = null, double rate = 500) => Observable.Create<EcgBlock>(observer =>
    {
        var length = (int)(rate / 10);
        var start = _scheduler.Now;
        var sent = 0;
        return _scheduler.SchedulePeriodic(TimeSpan.FromSeconds(0.1), () =>
        {
            if (sent >= blocks) return;
            observer.OnNext(new EcgBlock
            {
                Channels = Layout,
                SampleRate = rate,
                FirstSample = sent * length,
                Start = start.AddSeconds(sent * 0.1),
                Samples = new float[length],
            });
            if (++sent == blocks && end is not null) observer.OnError(end);
        });
    });

    /// <summary>Each subscription gets the next of the sessions; the last stays.</summary>
    private static IObservable<EcgBlock> Sessions(params IObservable<EcgBlock>[] sessions)
    {
        var next = 0;
        return Observable.Defer(() => sessions[Math.Min(next++, sessions.Length - 1)]);
    }
}
