using System.Reactive.Concurrency;
using EcgFm.Core;

namespace EcgFm.Model.Inference;

/// <summary>
/// Where the windows of all beds wait for the one network. At most one window of a bed waits, the newest; whenever the network is free it takes, in the order of
/// their coming, all that wait as one batch. A bed that is slow or dead has nothing here and delays nobody.
/// </summary>
/// <param name="interpreter">The network.</param>
/// <param name="scheduler">Where the network runs and interpretations come from.</param>
/// <param name="mostWindows">The most windows of one batch: the others wait for the next.</param>
public sealed class InferenceQueue(IInterpreter interpreter, IScheduler scheduler, int mostWindows = 8)
{
    private readonly Lock _lock = new();
    private readonly List<NewestWindow> _waiting = [];
    private bool _busy;

    /// <summary>One bed's place in the queue.</summary>
    internal NewestWindow Place(IObserver<Interpretation> observer, Action<InferenceFault>? onFault) => new(this, observer, onFault);

    internal void Enter(NewestWindow bed)
    {
        lock (_lock)
        {
            _waiting.Add(bed);
            if (_busy) return;
            _busy = true;
            _ = scheduler.Schedule(Work);
        }
    }

    internal void Leave(NewestWindow bed)
    {
        lock (_lock) _ = _waiting.Remove(bed);
    }

    /// <summary>Works on one batch. Only one call is ever under way, so each observer hears one thing at a time.</summary>
    private void Work()
    {
        List<NewestWindow> beds;
        lock (_lock)
        {
            beds = _waiting.GetRange(0, Math.Min(mostWindows, _waiting.Count));
            _waiting.RemoveRange(0, beds.Count);
        }

        var batch = new List<(NewestWindow Bed, AssessedWindow Window, long Skipped)>(beds.Count);
        foreach (var bed in beds)
            if (bed.TryTake(out var window, out var skipped))
                batch.Add((bed, window, skipped));
        var together = batch.Count > 1 ? TryTogether(batch.ConvertAll(one => one.Window)) : null;
        for (var i = 0; i < batch.Count; i++)
        {
            var (bed, window, skipped) = batch[i];
            bed.Give(together?[i] ?? InterpretOperator.TryInterpret(interpreter, window, bed.OnFault), skipped);
        }

        lock (_lock)
        {
            // Whoever has disposed of every bed may dispose of the scheduler next.
            if (_waiting.Count > 0) _ = scheduler.Schedule(Work);
            else _busy = false;
        }
    }

    /// <summary>Null when one of them failed: then each has its own run, and only the one at fault has a fault.</summary>
    private IReadOnlyList<Interpretation>? TryTogether(List<AssessedWindow> windows)
    {
        try
        {
            return interpreter.Interpret(windows);
        }
#pragma warning disable CA1031 // Whatever a network's library throws must not end the monitoring; what it was is found out window by window.
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }

    /// <summary>One bed: one window in work, at most one waiting.</summary>
    internal sealed class NewestWindow(InferenceQueue queue, IObserver<Interpretation> observer, Action<InferenceFault>? onFault) : IObserver<AssessedWindow>, IDisposable
    {
        private readonly Lock _lock = new();
        private AssessedWindow? _waiting;
        private long _skipped;
        private bool _working, _ended, _disposed;
        private Exception? _error;

        public Action<InferenceFault>? OnFault => onFault;

        public void OnNext(AssessedWindow value)
        {
            lock (_lock)
            {
                if (_disposed) return;
                if (_waiting is not null)
                {
                    _skipped++;
                    _waiting = value;
                    return;
                }

                _waiting = value;
                queue.Enter(this);
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
                queue.Leave(this);
            }
        }

        public bool TryTake(out AssessedWindow window, out long skipped)
        {
            lock (_lock)
            {
                (window, _waiting, skipped) = (_waiting!, null, _skipped);
                return _working = window is not null;
            }
        }

        public void Give(Interpretation? interpretation, long skipped)
        {
            bool wanted, last;
            lock (_lock) wanted = !_disposed;
            if (wanted && interpretation is not null) observer.OnNext(skipped == 0 ? interpretation : interpretation with { SkippedWindows = skipped });
            lock (_lock)
            {
                _working = false;
                last = _ended && _waiting is null && !_disposed;
            }

            if (last) Finish();
        }

        private void End(Exception? error)
        {
            lock (_lock)
            {
                if (_ended || _disposed) return;
                (_ended, _error) = (true, error);
                if (_working || _waiting is not null) return;
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
