using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using EcgFm.Core;

namespace EcgFm.Acquisition;

/// <summary>The operator <c>Reconnect</c>.</summary>
public static class ReconnectExtensions
{
    /// <summary>
    /// Subscribes to the source again whenever it fails: a fault of the device becomes events, never the end of the stream. A source that completes, such
    /// as a record, completes the stream.
    /// </summary>
    /// <remarks>
    /// <see cref="EcgBlock.FirstSample"/> goes on over a reconnection: it jumps by the time that passed, so that it stays the time since the stream began
    /// times the rate. That time is the difference of the blocks' <see cref="EcgBlock.Start"/>; when it contradicts the scheduler's stopwatch by more than
    /// a second, the host's clock was set meanwhile and the stopwatch counts.
    /// </remarks>
    /// <param name="source">A cold source of blocks.</param>
    /// <param name="policy">How soon to try again; null means <see cref="ReconnectPolicy.Default"/>.</param>
    /// <param name="events">Gets what happens, in order, on the thread where it happens; never completed here.</param>
    /// <param name="scheduler">Runs the delays; null means the thread pool.</param>
    /// <param name="random">Gives the jitter; null means <see cref="Random.Shared"/>.</param>
    public static IObservable<EcgBlock> Reconnect(
        this IObservable<EcgBlock> source,
        ReconnectPolicy? policy = null,
        IObserver<DeviceEvent>? events = null,
        IScheduler? scheduler = null,
        Random? random = null) =>
        Reconnect(source, () => new Continuation(scheduler ?? DefaultScheduler.Instance).Follow, policy, events, scheduler ?? DefaultScheduler.Instance, random);

    /// <inheritdoc cref="Reconnect(IObservable{EcgBlock}, ReconnectPolicy, IObserver{DeviceEvent}, IScheduler, Random)"/>
    /// <remarks>What a sensor says has no count to go on.</remarks>
    public static IObservable<Pulse> Reconnect(
        this IObservable<Pulse> source,
        ReconnectPolicy? policy = null,
        IObserver<DeviceEvent>? events = null,
        IScheduler? scheduler = null,
        Random? random = null) =>
        Reconnect(source, static () => static (pulse, _) => pulse, policy, events, scheduler ?? DefaultScheduler.Instance, random);

    private static IObservable<T> Reconnect<T>(
        IObservable<T> source, Func<Func<T, bool, T>> follow, ReconnectPolicy? policy, IObserver<DeviceEvent>? events, IScheduler scheduler, Random? random) =>
        Observable.Create<T>(observer => new Reconnection<T>(source, follow(), policy ?? ReconnectPolicy.Default, events, scheduler, random ?? Random.Shared, observer).Start());

    /// <param name="source">A cold source.</param>
    /// <param name="follow">Makes a value go on from those before; told whether it is the first of a connection.</param>
    /// <param name="policy">How soon to try again.</param>
    /// <param name="events">Gets what happens.</param>
    /// <param name="scheduler">Runs the delays.</param>
    /// <param name="random">Gives the jitter.</param>
    /// <param name="observer">Gets the values.</param>
    private sealed class Reconnection<T>(
        IObservable<T> source,
        Func<T, bool, T> follow,
        ReconnectPolicy policy,
        IObserver<DeviceEvent>? events,
        IScheduler scheduler,
        Random random,
        IObserver<T> observer) : IObserver<T>, IDisposable
    {
        private readonly SerialDisposable _connection = new();
        private readonly SerialDisposable _retry = new();
        private readonly IStopwatch _stopwatch = scheduler.StartStopwatch();

        private bool _connected;
        private TimeSpan _connectedAt;
        private int _failures;
        private DeviceFault? _lastFault;

        public Reconnection<T> Start()
        {
            Connect();
            return this;
        }

        public void Dispose()
        {
            _retry.Dispose();
            _connection.Dispose();
        }

        public void OnNext(T value)
        {
            var first = !_connected;
            value = follow(value, first);
            if (first)
            {
                _connected = true;
                _connectedAt = _stopwatch.Elapsed;
                _lastFault = null;
                events?.OnNext(new DeviceEvent.Connected(scheduler.Now));
            }

            observer.OnNext(value);
        }

        public void OnError(Exception error)
        {
            if (_connected && _stopwatch.Elapsed - _connectedAt >= policy.StableAfter) _failures = 0;
            _connected = false;
            var fault = (error as DeviceException)?.Fault ?? DeviceFault.Failed;
            if (fault != _lastFault) events?.OnNext(new DeviceEvent.Lost(scheduler.Now, fault, error.Message));
            _lastFault = fault;

            var delay = policy.Delay(_failures++, random.NextDouble());
            events?.OnNext(new DeviceEvent.Retrying(scheduler.Now, delay));
            _retry.Disposable = scheduler.Schedule(delay, Connect);
        }

        public void OnCompleted() => observer.OnCompleted();

        private void Connect()
        {
            // Assigned before subscribing: a source may fail, and plan the next attempt, before Subscribe returns.
            var connection = new SingleAssignmentDisposable();
            _connection.Disposable = connection;
            connection.Disposable = source.SubscribeSafe(this);
        }
    }

    /// <summary>Has the count of samples go on over a reconnection.</summary>
    private sealed class Continuation(IScheduler scheduler)
    {
        private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(1);

        private readonly IStopwatch _stopwatch = scheduler.StartStopwatch();
        private EcgBlock? _last;
        private TimeSpan _lastAt;
        private long _offset;

        public EcgBlock Follow(EcgBlock block, bool first)
        {
            var now = _stopwatch.Elapsed;
            if (first) _offset = Offset(block, now);
            _lastAt = now;
            return _last = _offset == 0 ? block : block with { FirstSample = block.FirstSample + _offset };
        }

        private long Offset(EcgBlock block, TimeSpan now)
        {
            if (_last is null) return 0;
            var length = TimeSpan.FromSeconds(_last.Length / _last.SampleRate);
            var passed = block.Start - (_last.Start + length);
            var byStopwatch = now - _lastAt - TimeSpan.FromSeconds(block.Length / block.SampleRate);
            if ((passed - byStopwatch).Duration() > ClockTolerance) passed = byStopwatch;
            if (passed < TimeSpan.Zero) passed = TimeSpan.Zero;

            // In seconds first: the device may come back with another rate.
            var end = (_last.FirstSample + _last.Length) / _last.SampleRate;
            var index = block.SampleRate == _last.SampleRate
                ? _last.FirstSample + _last.Length + (long)Math.Round(passed.TotalSeconds * block.SampleRate)
                : (long)Math.Ceiling((end + passed.TotalSeconds) * block.SampleRate - 1e-6);
            return index - block.FirstSample;
        }
    }
}
