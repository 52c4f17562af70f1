using EcgFm.Acquisition.Frames;

namespace EcgFm.Acquisition.Devices;

/// <summary>
/// For frames without a checksum: a counter that is not the expected one may be damage, and believing it would move, or drop, all that follows. Such a frame
/// waits for the next one to confirm it.
/// </summary>
/// <param name="bits">The bits of the counter.</param>
/// <param name="next">Gets the frames that are believed.</param>
internal sealed class CounterConfirmation(int bits, IFrameSink next) : IFrameSink
{
    /// <summary>
    /// The next frame confirms when it follows at most so many instants behind: it may have lost neighbours of its own. A counter that went back must be
    /// followed at once: with a damaged bit it may be just as far back.
    /// </summary>
    private const uint Slack = 8;

    private readonly uint _mask = uint.MaxValue >> (32 - bits);
    private int[] _values = [];
    private int _length, _channels;
    private uint _counter, _leadOff;
    private uint? _microseconds, _expected;

    /// <summary>Frames that nothing confirmed.</summary>
    public long Rejected { get; private set; }

    public void OnFormat(StreamFormat format) => next.OnFormat(format);

    public void OnSamples(in SampleFrame frame)
    {
        if (_length > 0)
        {
            var follows = _counter + (uint)(_length / _channels);
            var ahead = _expected is { } due && ((_counter - due) & _mask) <= _mask / 2;
            var gap = (frame.Counter - follows) & _mask;
            if (gap <= (ahead ? Slack : 0))
            {
                _expected = follows;
                next.OnSamples(new SampleFrame
                {
                    Counter = _counter,
                    DeviceMicroseconds = _microseconds,
                    LeadOff = _leadOff,
                    Channels = _channels,
                    Values = _values.AsSpan(0, _length),
                });
                _length = 0;
                // Only one that follows at once is itself beyond doubt.
                if (gap == 0) Pass(frame);
                else Hold(frame);
                return;
            }

            Rejected++;
            _length = 0;
        }

        if (_expected is { } expected && ((frame.Counter ^ expected) & _mask) == 0) Pass(frame);
        else Hold(frame);
    }

    private void Pass(in SampleFrame frame)
    {
        _expected = frame.Counter + (uint)frame.Instants;
        next.OnSamples(frame);
    }

    private void Hold(in SampleFrame frame)
    {
        if (_values.Length < frame.Values.Length) _values = new int[frame.Values.Length];
        frame.Values.CopyTo(_values);
        (_length, _channels, _counter, _leadOff, _microseconds) = (frame.Values.Length, frame.Channels, frame.Counter, frame.LeadOff, frame.DeviceMicroseconds);
    }
}
