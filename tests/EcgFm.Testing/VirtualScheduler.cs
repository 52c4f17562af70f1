using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace EcgFm.Testing;

/// <summary>Virtual time in which other threads may plan while it is advanced; <see cref="HistoricalScheduler"/> is for one thread.</summary>
/// <param name="start">The time at which it begins.</param>
public sealed class VirtualScheduler(DateTimeOffset start) : VirtualTimeSchedulerBase<DateTimeOffset, TimeSpan>(start, Comparer<DateTimeOffset>.Default)
{
    private readonly Lock _gate = new();
    private readonly SchedulerQueue<DateTimeOffset> _plans = new();

    /// <summary>How many actions are planned; what was cancelled is not.</summary>
    public int Planned
    {
        get
        {
            lock (_gate) return _plans.Count;
        }
    }

    public override IDisposable ScheduleAbsolute<TState>(TState state, DateTimeOffset dueTime, Func<IScheduler, TState, IDisposable> action)
    {
        ScheduledItem<DateTimeOffset, TState> plan = null!;
        plan = new(this, state, Run, dueTime, Comparer);
        lock (_gate) _plans.Enqueue(plan);
        return Disposable.Create(() =>
        {
            Forget();
            plan.Cancel();
        });

        void Forget()
        {
            lock (_gate) _plans.Remove(plan);
        }

        IDisposable Run(IScheduler scheduler, TState value)
        {
            Forget();
            return action(scheduler, value);
        }
    }

    protected override IScheduledItem<DateTimeOffset>? GetNext()
    {
        lock (_gate) return _plans.Count > 0 ? _plans.Peek() : null;
    }

    protected override DateTimeOffset Add(DateTimeOffset absolute, TimeSpan relative) => absolute + relative;

    protected override DateTimeOffset ToDateTimeOffset(DateTimeOffset absolute) => absolute;

    protected override TimeSpan ToRelative(TimeSpan timeSpan) => timeSpan;
}
