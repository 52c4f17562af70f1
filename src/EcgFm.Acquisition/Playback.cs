using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using EcgFm.Core;

namespace EcgFm.Acquisition;

/// <summary>Plays blocks against a clock.</summary>
internal static class Playback
{
    /// <summary>
    /// Opens a reader on subscription and plays its blocks. A paced block comes when its last sample would have been taken, counted from the start of
    /// the subscription on the scheduler's own stopwatch: being late once delays nothing after it, and a step of the wall clock has no effect.
    /// At full speed one loop reads and pushes, so a slow consumer slows the reading.
    /// </summary>
    /// <param name="open">Opens the reader; told the time at which playback begins.</param>
    /// <param name="speed">The pace.</param>
    /// <param name="scheduler">The clock, and where the blocks are pushed.</param>
    public static IObservable<EcgBlock> Play(Func<DateTimeOffset, IBlockReader> open, PlaybackSpeed speed, IScheduler scheduler) =>
        Observable.Create<EcgBlock>(observer =>
        {
            var player = new Player(observer, open, speed, scheduler);
            return speed.IsMax ? player.RunFree() : player.RunPaced();
        });

    /// <summary>The time that a block spans unless another is asked for.</summary>
    public static TimeSpan DefaultBlockDuration { get; } = TimeSpan.FromMilliseconds(40);

    /// <summary>Samples per block; at least one.</summary>
    public static int BlockLength(TimeSpan duration, double sampleRate) =>
        (int)Math.Clamp(Math.Round(duration.TotalSeconds * sampleRate), 1, 1 << 20);

    /// <summary>The time from the first sample to this one, to the nearest tick.</summary>
    public static TimeSpan TimeOf(long sample, double sampleRate) => TimeSpan.FromTicks((long)Math.Round(sample / sampleRate * TimeSpan.TicksPerSecond));

    private sealed class Player(IObserver<EcgBlock> observer, Func<DateTimeOffset, IBlockReader> open, PlaybackSpeed speed, IScheduler scheduler)
    {
        private const int Idle = 0, Running = 1, Disposed = 2;

        private int _state;
        private DateTimeOffset? _began;
        private IBlockReader? _reader;
        private EcgBlock? _next;

        public IDisposable RunFree()
        {
            if (scheduler.AsLongRunning() is { } longRunning)
                return longRunning.ScheduleLongRunning(this, static (player, cancel) =>
                {
                    try
                    {
                        while (!cancel.IsDisposed && player.Advance()) player.Push();
                    }
                    finally
                    {
                        player.Close();
                    }
                });

            return Stepwise(self =>
            {
                if (!Advance()) return;
                Push();
                self(TimeSpan.Zero);
            });
        }

        public IDisposable RunPaced()
        {
            // Read beside the stopwatch: on a busy machine the first step comes late, and samples would be newer than the clock.
            _began = scheduler.Now;
            var clock = scheduler.StartStopwatch();
            var cancel = new CancellationDisposable();
            var steps = Stepwise(self =>
            {
                if (_next is null && !Advance()) return;
                while (Due() <= clock.Elapsed)
                {
                    Push();
                    if (cancel.Token.IsCancellationRequested || !Advance()) return;
                }

                var wait = Due() - clock.Elapsed;
                self(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
            });
            return StableCompositeDisposable.Create(cancel, steps);
        }

        /// <summary>Runs step after step on the scheduler. The reader is closed by whoever comes last: the last step, or the disposal between two steps.</summary>
        private IDisposable Stepwise(Action<Action<TimeSpan>> step)
        {
            var steps = scheduler.Schedule(TimeSpan.Zero, again =>
            {
                if (Interlocked.CompareExchange(ref _state, Running, Idle) != Idle) return;
                var more = false;
                var wait = TimeSpan.Zero;
                try
                {
                    step(next =>
                    {
                        more = true;
                        wait = next;
                    });
                }
                finally
                {
                    if (!more || Interlocked.CompareExchange(ref _state, Idle, Running) != Running) Close();
                }

                if (more) again(wait);
            });
            return StableCompositeDisposable.Create(steps, Disposable.Create(() =>
            {
                if (Interlocked.Exchange(ref _state, Disposed) == Idle) Close();
            }));
        }

        /// <summary>Gets the next block ready; false when there is none any more and the observer knows.</summary>
        private bool Advance()
        {
            try
            {
                _reader ??= open(_began ?? scheduler.Now);
                _next = _reader.Next();
            }
            catch (Exception error)
            {
                Close();
                observer.OnError(error);
                return false;
            }

            if (_next is not null) return true;
            Close();
            observer.OnCompleted();
            return false;
        }

        private void Push()
        {
            var block = _next!;
            _next = null;
            observer.OnNext(block);
        }

        private TimeSpan Due() => TimeOf(_next!.FirstSample + _next.Length, _next.SampleRate * speed.Factor);

        private void Close()
        {
            _reader?.Dispose();
            _reader = null;
        }
    }
}
