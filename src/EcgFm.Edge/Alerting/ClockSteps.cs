using System.Reactive.Concurrency;
using System.Reactive.Linq;

namespace EcgFm.Edge.Alerting;

/// <summary>Notices when the clock of the host is set.</summary>
internal static class ClockSteps
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>A clock that is slewed (at most 0.5 ms in a second, as NTP does it) is right; half a second within one is a step.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(0.5);

    /// <summary>By how much the clock was set, each time that it is: the difference between what it and the stopwatch say of a second.</summary>
    public static IObservable<TimeSpan> Watch(IScheduler scheduler) => Observable.Defer(() =>
    {
        var stopwatch = scheduler.StartStopwatch();
        var offset = scheduler.Now - stopwatch.Elapsed;
        return Observable.Interval(Period, scheduler).Select(_ =>
        {
            var now = scheduler.Now - stopwatch.Elapsed;
            var step = now - offset;
            offset = now;
            return step;
        }).Where(step => step.Duration() >= Least);
    });
}
