using System.Reactive.Concurrency;
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
    /// Interprets windows as they come, on a scheduler of its own, and never holds up the source: while the network is busy only the newest window waits,
    /// and each window that it takes the place of is counted in <see cref="Interpretation.SkippedWindows"/>.
    /// </summary>
    /// <param name="source">The windows.</param>
    /// <param name="interpreter">The network.</param>
    /// <param name="scheduler">Where the network runs and interpretations come from.</param>
    /// <param name="onFault">Hears of each window that could not be interpreted; the stream goes on.</param>
    public static IObservable<Interpretation> InterpretLive(this IObservable<AssessedWindow> source, IInterpreter interpreter, IScheduler scheduler, Action<InferenceFault>? onFault = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(interpreter);
        ArgumentNullException.ThrowIfNull(scheduler);
        return Observable.Create<Interpretation>(observer =>
        {
            var newest = new NewestWindow(observer, interpreter, scheduler, onFault);
            return StableCompositeDisposable.Create(source.Subscribe(newest), newest);
        });
    }

    private static Interpretation? TryInterpret(IInterpreter interpreter, AssessedWindow window, Action<InferenceFault>? onFault)
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

    /// <summary>One window in work, at most one waiting.</summary>
    private sealed class NewestWindow(IObserver<Interpretation> observer, IInterpreter interpreter, IScheduler scheduler, Action<InferenceFault>? onFault)
        : IObserver<AssessedWindow>, IDisposable
    {
        private readonly Lock _lock = new();
        private AssessedWindow? _waiting;
        private long _skipped;
        private bool _busy, _ended, _disposed;
        private Exception? _error;

        public void OnNext(AssessedWindow value)
        {
            lock (_lock)
            {
                if (_disposed) return;
                if (_waiting is not null) _skipped++;
                _waiting = value;
                if (_busy) return;
                _busy = true;
                _ = scheduler.Schedule(Work);
            }
        }

        public void OnError(Exception error) => End(error);

        public void OnCompleted() => End(null);

        public void Dispose()
        {
            lock (_lock)
            {
                _disposed = true;
                _waiting = null;
            }
        }

        /// <summary>
        /// Works on one window, then gives other beds on the same scheduler their turn. Only one call is ever under way, so the observer hears one thing at a time.
        /// </summary>
        private void Work()
        {
            AssessedWindow? window;
            long skipped;
            lock (_lock)
            {
                if (_disposed) return;
                (window, _waiting, skipped) = (_waiting, null, _skipped);
                if (window is null)
                {
                    _busy = false;
                    if (!_ended) return;
                }
            }

            if (window is null)
            {
                Finish();
                return;
            }

            if (TryInterpret(interpreter, window, onFault) is { } interpretation)
                observer.OnNext(skipped == 0 ? interpretation : interpretation with { SkippedWindows = skipped });
            lock (_lock)
            {
                // Whoever disposes of this may dispose of the scheduler next.
                if (!_disposed) _ = scheduler.Schedule(Work);
            }
        }

        private void End(Exception? error)
        {
            lock (_lock)
            {
                (_ended, _error) = (true, error);
                if (_busy) return;
            }

            Finish();
        }

        private void Finish()
        {
            if (_error is null) observer.OnCompleted();
            else observer.OnError(_error);
        }
    }
}
