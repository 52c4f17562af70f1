using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace EcgFm.Acquisition.Devices;

/// <summary>Watches a live line for silence and for bytes that make no sense. Costs one planned action at a time, not one for each read.</summary>
internal sealed class LineWatch : IDisposable
{
    private readonly IScheduler _scheduler;
    private readonly IStopwatch _stopwatch;
    private readonly DeviceOptions _options;
    private readonly Action<DeviceFault> _fault;
    private readonly SerialDisposable _plan = new();
    private long _lastBytes, _lastUnderstood;
    private int _bytesSince;

    public LineWatch(IScheduler scheduler, DeviceOptions options, Action<DeviceFault> fault)
    {
        (_scheduler, _options, _fault) = (scheduler, options, fault);
        _stopwatch = scheduler.StartStopwatch();
        Check();
    }

    public void Bytes(bool understood)
    {
        var now = _stopwatch.Elapsed.Ticks;
        Volatile.Write(ref _lastBytes, now);
        if (understood) Volatile.Write(ref _lastUnderstood, now);
        Volatile.Write(ref _bytesSince, understood ? 0 : 1);
    }

    public void Dispose() => _plan.Dispose();

    private void Check()
    {
        var now = _stopwatch.Elapsed;
        var silentIn = TimeSpan.FromTicks(Volatile.Read(ref _lastBytes)) + _options.StallAfter - now;
        var senselessIn = TimeSpan.FromTicks(Volatile.Read(ref _lastUnderstood)) + _options.UnintelligibleAfter - now;
        if (silentIn <= TimeSpan.Zero)
        {
            _fault(DeviceFault.Stalled);
            return;
        }

        if (senselessIn <= TimeSpan.Zero)
        {
            if (Volatile.Read(ref _bytesSince) != 0)
            {
                _fault(DeviceFault.Unintelligible);
                return;
            }

            senselessIn = silentIn;
        }

        _plan.Disposable = _scheduler.Schedule(silentIn < senselessIn ? silentIn : senselessIn, Check);
    }
}
