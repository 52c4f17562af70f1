using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using EcgFm.Core;
using EcgFm.Model.Inference;

namespace EcgFm.Model.Tests;

public sealed class InterpretOperatorTests
{
    [Fact]
    public void InStepNoWindowIsSkipped()
    {
        var network = new FakeNetwork();
        var found = Enumerable.Range(0, 50).ToObservable().Select(TestWindows.Window).Interpret(network).ToEnumerable().ToList();
        Assert.Equal(Enumerable.Range(0, 50).Select(i => (long)i), found.Select(i => i.Input.Window.Index));
        Assert.All(found, i => Assert.Equal(0, i.SkippedWindows));
    }

    [Fact]
    public void AFaultIsToldAndTheStreamGoesOn()
    {
        var faults = new List<InferenceFault>();
        var network = new FakeNetwork { Fails = w => w.Window.Index == 1 };
        var found = Enumerable.Range(0, 3).ToObservable().Select(TestWindows.Window).Interpret(network, faults.Add).ToEnumerable().ToList();
        Assert.Equal([0, 2], found.Select(i => i.Input.Window.Index));
        Assert.Equal(1, Assert.Single(faults).Window.Window.Index);
    }

    [Fact]
    public void LiveTheNewestWindowWinsAndSkippedOnesAreCounted()
    {
        var (source, scheduler, found) = (new Subject<AssessedWindow>(), new HistoricalScheduler(), new List<Interpretation>());
        var network = new FakeNetwork();
        using var subscription = source.InterpretLive(new InferenceQueue(network, scheduler)).Subscribe(found.Add);

        // The network is busy (its scheduler has not come round) while five windows arrive: the source is never held up.
        for (var i = 0; i < 5; i++) source.OnNext(TestWindows.Window(i));
        Assert.Equal(0, network.Calls);
        scheduler.AdvanceBy(TimeSpan.FromTicks(1));
        Assert.Equal([4], found.Select(i => i.Input.Window.Index));
        Assert.Equal(4, found[0].SkippedWindows);

        source.OnNext(TestWindows.Window(5));
        scheduler.AdvanceBy(TimeSpan.FromTicks(1));
        Assert.Equal([4, 5], found.Select(i => i.Input.Window.Index));
        Assert.Equal(4, found[1].SkippedWindows);
    }

    [Fact]
    public void LiveWindowsThatComeDuringARunWaitForIt()
    {
        var (source, scheduler, found) = (new Subject<AssessedWindow>(), new HistoricalScheduler(), new List<Interpretation>());
        var network = new FakeNetwork();
        network.During = w =>
        {
            if (w.Window.Index != 0) return;
            for (var i = 1; i < 4; i++) source.OnNext(TestWindows.Window(i));
        };
        using var subscription = source.InterpretLive(new InferenceQueue(network, scheduler)).Subscribe(found.Add);
        source.OnNext(TestWindows.Window(0));
        scheduler.AdvanceBy(TimeSpan.FromTicks(1));
        Assert.Equal([(0, 0), (3, 2)], found.Select(i => ((int)i.Input.Window.Index, (int)i.SkippedWindows)));
    }

    [Fact]
    public void LiveTheLastWindowIsInterpretedBeforeTheEnd()
    {
        var (source, scheduler, seen) = (new Subject<AssessedWindow>(), new HistoricalScheduler(), new List<string>());
        using var subscription = source.InterpretLive(new InferenceQueue(new FakeNetwork(), scheduler)).Subscribe(i => seen.Add($"{i.Input.Window.Index}"), () => seen.Add("end"));
        source.OnNext(TestWindows.Window(7));
        source.OnCompleted();
        Assert.Empty(seen);
        scheduler.AdvanceBy(TimeSpan.FromTicks(1));
        Assert.Equal(["7", "end"], seen);
    }

    [Fact]
    public void LiveAnErrorOfTheSourceArrives()
    {
        var source = new Subject<AssessedWindow>();
        Exception? error = null;
        using var subscription = source.InterpretLive(new InferenceQueue(new FakeNetwork(), ImmediateScheduler.Instance)).Subscribe(_ => { }, e => error = e);
        source.OnError(new TimeoutException());
        _ = Assert.IsType<TimeoutException>(error);
    }

    [Fact]
    public void LiveNothingComesAfterTheSubscriptionEnded()
    {
        var (source, scheduler, found) = (new Subject<AssessedWindow>(), new HistoricalScheduler(), new List<Interpretation>());
        var subscription = source.InterpretLive(new InferenceQueue(new FakeNetwork(), scheduler)).Subscribe(found.Add);
        source.OnNext(TestWindows.Window(0));
        subscription.Dispose();
        scheduler.AdvanceBy(TimeSpan.FromTicks(1));
        Assert.Empty(found);
        Assert.False(source.HasObservers);
    }

    [Fact]
    public void LiveOnAThreadOfItsOwnTheSourceIsNeverHeldUp()
    {
        using var scheduler = new EventLoopScheduler();
        using var gate = new ManualResetEventSlim();
        using var done = new CountdownEvent(2);
        var source = new Subject<AssessedWindow>();
        var network = new FakeNetwork();
        using var begun = new ManualResetEventSlim();
        network.During = _ =>
        {
            begun.Set();
            gate.Wait();
        };
        var found = new List<Interpretation>();
        using var subscription = source.InterpretLive(new InferenceQueue(network, scheduler)).Subscribe(i =>
        {
            found.Add(i);
            _ = done.Signal();
        });
        source.OnNext(TestWindows.Window(0));
        Assert.True(begun.Wait(TimeSpan.FromSeconds(30)));
        for (var i = 1; i <= 10; i++) source.OnNext(TestWindows.Window(i)); // returns at once though the network stands still
        gate.Set();
        Assert.True(done.Wait(TimeSpan.FromSeconds(30)));
        Assert.Equal([(0, 0), (10, 9)], found.Select(i => ((int)i.Input.Window.Index, (int)i.SkippedWindows)));
    }

    private sealed class FakeNetwork : IInterpreter
    {
        public Func<AssessedWindow, bool> Fails { get; init; } = _ => false;

        public Action<AssessedWindow> During { get; set; } = _ => { };

        public int Calls { get; private set; }

        public Interpretation Interpret(AssessedWindow window)
        {
            Calls++;
            During(window);
            if (Fails(window)) throw new InvalidOperationException("The network failed.");
            return new() { Input = window, Labels = [new("Atrial fibrillation")], Probabilities = [0.5f], Model = new("fake", "1", "fp32", "") };
        }
    }
}
