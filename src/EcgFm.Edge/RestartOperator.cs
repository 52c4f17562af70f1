using System.Reactive.Concurrency;
using System.Reactive.Linq;

namespace EcgFm.Edge;

/// <summary>The operator <c>Restart</c>.</summary>
internal static class RestartOperator
{
    /// <summary>Subscribes again, after a pause, to a flow that failed: monitoring goes on whatever happened.</summary>
    /// <param name="flow">The flow; cold, so that it begins anew.</param>
    /// <param name="pause">How long to wait.</param>
    /// <param name="onFault">Hears of each fault.</param>
    /// <param name="scheduler">The clock.</param>
    public static IObservable<T> Restart<T>(this IObservable<T> flow, TimeSpan pause, Action<Exception>? onFault, IScheduler scheduler) =>
        flow.RetryWhen(faults => faults.SelectMany(fault =>
        {
            onFault?.Invoke(fault);
            return Observable.Timer(pause, scheduler);
        }));
}
