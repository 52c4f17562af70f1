using System.Reactive.Disposables;
using System.Reactive.Linq;
using EcgFm.Core;

namespace EcgFm.Model.Inference;

/// <summary>Windows in, interpretations out.</summary>
public static class InterpretOperator
{
    /// <summary>Interprets every window on the thread that brings it, as a replay wants it: no window is skipped, and the source waits.</summary>
    /// <param name="source">The windows.</param>
    /// <param name="interpreter">The network.</param>
    /// <param name="onFault">Hears of each window that could not be interpreted; the stream goes on.</param>
    public static IObservable<Interpretation> Interpret(this IObservable<AssessedWindow> source, IInterpreter interpreter, Action<InferenceFault>? onFault = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(interpreter);
        return source.Select(window => TryInterpret(interpreter, window, onFault)).Where(interpretation => interpretation is not null).Select(interpretation => interpretation!);
    }

    /// <summary>
    /// Interprets windows as they come and never holds up the source: while the network is busy only the newest window waits,
    /// and each window that it takes the place of is counted in <see cref="Interpretation.SkippedWindows"/>.
    /// </summary>
    /// <param name="source">The windows.</param>
    /// <param name="queue">The network, and where the windows of all beds wait for it.</param>
    /// <param name="onFault">Hears of each window that could not be interpreted; the stream goes on.</param>
    public static IObservable<Interpretation> InterpretLive(this IObservable<AssessedWindow> source, InferenceQueue queue, Action<InferenceFault>? onFault = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(queue);
        return Observable.Create<Interpretation>(observer =>
        {
            var place = queue.Place(observer, onFault);
            return StableCompositeDisposable.Create(source.Subscribe(place), place);
        });
    }

    internal static Interpretation? TryInterpret(IInterpreter interpreter, AssessedWindow window, Action<InferenceFault>? onFault)
    {
        try
        {
            return interpreter.Interpret(window);
        }
#pragma warning disable CA1031 // Whatever a network's library throws must not end the monitoring.
        catch (Exception e)
#pragma warning restore CA1031
        {
            onFault?.Invoke(new(window, e));
            return null;
        }
    }
}
