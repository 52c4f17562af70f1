using System.Reactive.Concurrency;
using System.Reactive.Subjects;
using EcgFm.Core;
using EcgFm.Model.Inference;

namespace EcgFm.Model.Tests;

public sealed class InferenceQueueTests
{
    private readonly HistoricalScheduler _scheduler = new();
    private readonly List<string> _heard = [];

    [Fact]
    public void WindowsThatWaitTogetherAreRunTogetherAndGoBackToTheirBeds()
    {
        var network = new Network();
        var beds = Beds(new InferenceQueue(network, _scheduler), 3);
        for (var bed = 0; bed < 3; bed++) beds[bed].OnNext(TestWindows.Window(10 + bed));
        _scheduler.AdvanceBy(TimeSpan.FromTicks(1));
        Assert.Equal([3], network.Batches);
        Assert.Equal(["0:10", "1:11", "2:12"], _heard);
    }

    [Fact]
    public void MoreThanFitGoInTheOrderOfTheirComingAndNoBedIsPassedOver()
    {
        var network = new Network();
        var beds = Beds(new InferenceQueue(network, _scheduler, mostWindows: 2), 5);
        for (var bed = 4; bed >= 0; bed--) beds[bed].OnNext(TestWindows.Window(bed));
        // The first bed is quick and has its next window before the others had their turn: it waits behind them.
        network.After = () =>
        {
            if (network.Batches.Count == 1) beds[4].OnNext(TestWindows.Window(99));
        };
        _scheduler.AdvanceBy(TimeSpan.FromTicks(3));
        Assert.Equal([2, 2, 2], network.Batches);
        Assert.Equal(["4:4", "3:3", "2:2", "1:1", "0:0", "4:99"], _heard);
    }

    [Fact]
    public void AWindowThatFailsHasTheFaultAndItsCompanyHasNot()
    {
        var network = new Network { Fails = 1 };
        var faults = new List<InferenceFault>();
        var beds = Beds(new InferenceQueue(network, _scheduler), 3, faults.Add);
        for (var bed = 0; bed < 3; bed++) beds[bed].OnNext(TestWindows.Window(bed));
        _scheduler.AdvanceBy(TimeSpan.FromTicks(1));
        Assert.Equal(["0:0", "2:2"], _heard);
        Assert.Equal(1, Assert.Single(faults).Window.Window.Index);
    }

    [Fact]
    public void ADeadBedDelaysNobodyAndOneThatLeftIsForgotten()
    {
        var network = new Network();
        var queue = new InferenceQueue(network, _scheduler);
        var beds = Beds(queue, 2);
        var (gone, source) = (new List<Interpretation>(), new Subject<AssessedWindow>());
        var subscription = source.InterpretLive(queue).Subscribe(gone.Add);
        source.OnNext(TestWindows.Window(7));
        beds[1].OnNext(TestWindows.Window(1));
        subscription.Dispose();
        _scheduler.AdvanceBy(TimeSpan.FromTicks(1));
        Assert.Equal([1], network.Batches);
        Assert.Equal(["1:1"], _heard);
        Assert.Empty(gone);
    }

    private List<Subject<AssessedWindow>> Beds(InferenceQueue queue, int count, Action<InferenceFault>? onFault = null)
    {
        var beds = Enumerable.Range(0, count).Select(_ => new Subject<AssessedWindow>()).ToList();
        foreach (var (bed, source) in beds.Index()) source.InterpretLive(queue, onFault).Subscribe(found => _heard.Add($"{bed}:{found.Input.Window.Index}"));
        return beds;
    }

    private sealed class Network : IInterpreter
    {
        public List<int> Batches { get; } = [];

        public long Fails { get; init; } = -1;

        public Action After { get; set; } = () => { };

        public Interpretation Interpret(AssessedWindow window) => Interpret([window])[0];

        public IReadOnlyList<Interpretation> Interpret(IReadOnlyList<AssessedWindow> windows)
        {
            if (windows.Any(window => window.Window.Index == Fails)) throw new InvalidOperationException("The network failed.");
            Batches.Add(windows.Count);
            After();
            return [.. windows.Select(window => new Interpretation { Input = window, Labels = [new("Atrial fibrillation")], Probabilities = [0.5f], Model = new("fake", "1", "fp32", "") })];
        }
    }
}
