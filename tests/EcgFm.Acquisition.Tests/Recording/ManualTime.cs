namespace EcgFm.Acquisition.Tests.Recording;

/// <summary>A clock that a test sets; its timers fire when the test says so.</summary>
internal sealed class ManualTime(DateTimeOffset start) : TimeProvider
{
    private readonly List<Timer> _timers = [];

    public DateTimeOffset Now { get; set; } = start;

    public override DateTimeOffset GetUtcNow() => Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(() => callback(state));
        _timers.Add(timer);
        return timer;
    }

    /// <summary>Lets time pass, and every timer fire once at its end.</summary>
    public void Pass(TimeSpan span)
    {
        Now += span;
        foreach (var timer in _timers) timer.Fire();
    }

    private sealed class Timer(Action fire) : ITimer
    {
        private bool _disposed;

        public void Fire()
        {
            if (!_disposed) fire();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() => _disposed = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
