using System.Reactive.Concurrency;
using System.Reactive.Linq;
using EcgFm.Alerts;

namespace EcgFm.Edge.Alerting;

/// <summary>The seconds of the host's clock, as the alerts count them.</summary>
internal static class HostSeconds
{
    public static IObservable<AlertInput> Of(IScheduler scheduler) =>
        Observable.Interval(TimeSpan.FromSeconds(1), scheduler).Select(_ => new AlertInput.Tick(scheduler.Now));
}
