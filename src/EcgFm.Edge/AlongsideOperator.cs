using System.Reactive.Linq;

namespace EcgFm.Edge;

/// <summary>The operator <c>Alongside</c>.</summary>
internal static class AlongsideOperator
{
    /// <summary>Merges others into a flow for as long as the flow itself lasts.</summary>
    /// <param name="flow">The flow; when it ends, all ends.</param>
    /// <param name="others">What runs beside it, perhaps for ever.</param>
    public static IObservable<T> Alongside<T>(this IObservable<T> flow, params IReadOnlyCollection<IObservable<T>> others) =>
        flow.Publish(shared => shared.Merge(others.Merge().TakeUntil(shared.LastOrDefaultAsync())));
}
