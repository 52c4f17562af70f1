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
        Observable.Create<EcgBlock>(observer =>
            new Reconnection(source, policy ?? ReconnectPolicy.Default, events, scheduler ?? DefaultScheduler.Instance, random ?? Random.Shared, observer).Start());

    private sealed class Reconnection(
        IObservable<EcgBlock> source,
        ReconnectPolicy policy,
        IObserver<DeviceEvent>? events,
        IScheduler scheduler,
        Random random,
        IObserver<EcgBlock> observer) : IObserver<EcgBlock>, IDisposable
    {
        private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(1);

        private readonly SerialDisposable _connection = new();
        private readonly SerialDisposable _retry = new();
        private readonly IStopwatch _stopwatch = scheduler.StartStopwatch();

        private bool _connected;
        private TimeSpan _connectedAt;
        private int _failures;
        private DeviceFault? _lastFault;

        private EcgBlock? _last;
        private TimeSpan _lastAt;
        private long _offset;

        public Reconnection Start()
        {
            Connect();
            return this;
        }

        public void Dispose()
        {
            _retry.Dispose();
            _connection.Dispose();
        }

        public void OnNext(EcgBlock value)
        {
            var now = _stopwatch.Elapsed;
            if (!_connected)
            {
                _connected = true;
                _connectedAt = now;
                _lastFault = null;
                _offset = Offset(value, now);
                events?.OnNext(new DeviceEvent.Connected(scheduler.Now));
            }

            _lastAt = now;
            _last = _offset == 0 ? value : value with { FirstSample = value.FirstSample + _offset };
            observer.OnNext(_last);
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
