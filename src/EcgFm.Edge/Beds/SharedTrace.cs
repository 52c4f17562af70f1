using System.Reactive.Concurrency;
using System.Reactive.Linq;
using EcgFm.Acquisition;
using EcgFm.Acquisition.Simulation;
using EcgFm.Core;

namespace EcgFm.Edge.Beds;

/// <summary>
/// A minute of twelve leads of a simulated patient, made once and played in real time, again and again, to any number of beds: so the daemon's work is measured and
/// not the simulator's. Each bed has a timer of its own, as each device has its own thread.
/// </summary>
internal sealed class SharedTrace : IEcgSource
{
    private static readonly TimeSpan BlockTime = TimeSpan.FromMilliseconds(40);
    private readonly List<EcgBlock> _minute = [];

    public SharedTrace()
    {
        var clock = new HistoricalScheduler(DateTimeOffset.UnixEpoch);
        using var patient = new SimulatorSource(RhythmScript.Parse("sinus"), sampleRate: EcgWindow.SampleRate, blockDuration: BlockTime, scheduler: clock).Blocks().Subscribe(_minute.Add);
        clock.AdvanceBy(TimeSpan.FromMinutes(1));
    }

    /// <summary>The time of the first sample, the same for all beds: their windows are due at the same moments.</summary>
    public DateTimeOffset Start { get; set; }

    public string Name => "a simulated minute";

    public IObservable<EcgBlock> Blocks() => Observable.Generate(0, _ => true, number => number + 1, BlockAt, number => Start + (number + 1) * BlockTime, DefaultScheduler.Instance);

    private EcgBlock BlockAt(int number)
    {
        var block = _minute[number % _minute.Count];
        return block with { FirstSample = (long)number * block.Length, Start = Start + number * BlockTime };
    }
}
