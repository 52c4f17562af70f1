using System.Reactive.Concurrency;

namespace EcgFm.Testing;

/// <summary>Another scheduler on a host whose clock somebody sets: what time it is moves, how much time passes does not.</summary>
/// <param name="inner">The scheduler; it must have stopwatches.</param>
public sealed class SettableScheduler(IScheduler inner) : IScheduler, IServiceProvider
{
    /// <summary>By how much the clock was set forward in all.</summary>
    public TimeSpan Offset { get; set; }

    public DateTimeOffset Now => inner.Now + Offset;

    public IDisposable Schedule<TState>(TState state, Func<IScheduler, TState, IDisposable> action) => inner.Schedule(state, (_, value) => action(this, value));

    public IDisposable Schedule<TState>(TState state, TimeSpan dueTime, Func<IScheduler, TState, IDisposable> action) =>
        inner.Schedule(state, dueTime, (_, value) => action(this, value));

    public IDisposable Schedule<TState>(TState state, DateTimeOffset dueTime, Func<IScheduler, TState, IDisposable> action) =>
        inner.Schedule(state, dueTime - Offset, (_, value) => action(this, value));

    public object? GetService(Type serviceType) => serviceType == typeof(IStopwatchProvider) ? ((IServiceProvider)inner).GetService(serviceType) : null;
}
