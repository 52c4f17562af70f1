namespace EcgFm.Acquisition.Devices;

/// <summary>Turns a device's wrapping counter into the index of the sample since the stream began, and finds loss, repetition and restarts.</summary>
/// <remarks>
/// A gap is what the counter says, plus as many whole turns of the counter as the elapsed time makes likely. A counter that goes back by more than two seconds,
/// or forward by ten seconds more than the time that passed, is a restart.
/// </remarks>
public sealed class SampleCounter
{
    private const double BackwardSeconds = 2;
    private const double ForwardSeconds = 10;

    private readonly long _turn;
    private readonly long _backward;
    private readonly long _forward;
    private readonly long[] _recent = new long[16];
    private int _recentAt;
    private bool _started;
    private bool _restart;
    private uint _nextCounter;

    /// <param name="bits">The bits of the counter, 1 to 32.</param>
    /// <param name="sampleRate">Samples per second.</param>
    public SampleCounter(int bits, double sampleRate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, 32);
        _turn = 1L << bits;
        // A counter that turns within seconds cannot show more than half a turn.
        _backward = Math.Min((long)(BackwardSeconds * sampleRate), _turn / 2);
        _forward = (long)(ForwardSeconds * sampleRate);
        Array.Fill(_recent, -1);
    }

    /// <summary>The index of the sample that is expected next.</summary>
    public long Next { get; private set; }

    /// <summary>So many more instants were lost before what was placed last.</summary>
    public void Skip(long instants) => Next += instants;

    /// <summary>The device says that it has restarted: the next frame's counter has nothing to do with the last one's.</summary>
    public void Restarted() => _restart = _started;

    /// <summary>Finds the place of a frame.</summary>
    /// <param name="counter">Its counter.</param>
    /// <param name="instants">How many sampling instants it has.</param>
    /// <param name="indexByTime">The index that its first sample should have by its arrival, or null when the time says nothing (a recording).</param>
    /// <param name="index">The index of its first sample, for a frame that is not to be dropped.</param>
    public FramePlacement Place(uint counter, int instants, long? indexByTime, out long index)
    {
        index = Next;
        if (!_started)
        {
            _started = true;
            return Accept(FramePlacement.InOrder, index, counter, instants);
        }

        var gapByTime = (indexByTime ?? Next) - Next;
        if (!_restart)
        {
            var gap = (counter - _nextCounter) & (_turn - 1);
            gap += (long)Math.Round((gapByTime - gap) / (double)_turn) * _turn;
            index = Next + gap;
            if (gap < 0 && gap >= -_backward) return Array.IndexOf(_recent, index) >= 0 ? FramePlacement.Duplicate : FramePlacement.Late;
            if (gap >= 0 && (indexByTime is null || gap <= Math.Max(gapByTime, 0) + _forward))
                return Accept(FramePlacement.InOrder, index, counter, instants);
        }

        _restart = false;
        index = Next + Math.Max(gapByTime, 0);
        return Accept(FramePlacement.Restart, index, counter, instants);
    }

    private FramePlacement Accept(FramePlacement placement, long index, uint counter, int instants)
    {
        _recent[_recentAt] = index;
        _recentAt = (_recentAt + 1) % _recent.Length;
        _nextCounter = counter + (uint)instants;
        Next = index + instants;
        return placement;
    }
}
