using EcgFm.Acquisition.Frames;

namespace EcgFm.Acquisition.Devices;

/// <summary>
/// For frames without a checksum: a counter that is not the expected one may be damage, and believing it would move, or drop, all that follows. Such a frame
/// waits for the next two to confirm it: on a bad line, the same bit of two in a row is damaged about once in a million frames.
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
    private Held _first = new(), _second = new();
    private int _waiting;
    private bool _joined;
    private uint? _expected;

    /// <summary>Frames that nothing confirmed.</summary>
    public long Rejected { get; private set; }

    public void OnFormat(StreamFormat format) => next.OnFormat(format);

    public void OnSamples(in SampleFrame frame)
    {
        if (_waiting > 0)
        {
            var last = _waiting == 1 ? _first : _second;
            var ahead = _expected is { } due && ((last.Counter - due) & _mask) <= _mask / 2;
            var gap = (frame.Counter - last.End) & _mask;
            if (gap <= (ahead ? Slack : 0))
            {
                Confirm(frame, gap == 0);
                return;
            }

            Rejected += _waiting;
            _waiting = 0;
        }

        if (_expected is { } expected && ((frame.Counter ^ expected) & _mask) == 0) Pass(frame);
        else Hold(frame);
    }

    private void Confirm(in SampleFrame frame, bool atOnce)
    {
        if (_waiting == 1)
        {
            _joined = atOnce;
            Hold(frame);
            return;
        }

        Pass(_first.Frame);
        if (_joined && atOnce)
        {
            // Three that follow at once are all beyond doubt; behind a gap of its own, a frame must be confirmed itself.
            Pass(_second.Frame);
            Pass(frame);
            _waiting = 0;
            return;
        }

        (_first, _second) = (_second, _first);
        (_waiting, _joined) = (1, atOnce);
        Hold(frame);
    }

    private void Pass(in SampleFrame frame)
    {
        _expected = frame.Counter + (uint)frame.Instants;
        next.OnSamples(frame);
    }

    private void Hold(in SampleFrame frame)
    {
        (_waiting == 0 ? _first : _second).Keep(frame);
        _waiting++;
    }

    /// <summary>A frame that waits.</summary>
    private sealed class Held
    {
        private int[] _values = [];
        private int _length, _channels;
        private uint _leadOff;
        private uint? _microseconds;

        public uint Counter { get; private set; }

        /// <summary>The counter of what follows at once.</summary>
        public uint End => Counter + (uint)(_length / _channels);

        public SampleFrame Frame => new()
        {
            Counter = Counter,
            DeviceMicroseconds = _microseconds,
            LeadOff = _leadOff,
            Channels = _channels,
            Values = _values.AsSpan(0, _length),
        };

        public void Keep(in SampleFrame frame)
        {
            if (_values.Length < frame.Values.Length) _values = new int[frame.Values.Length];
            frame.Values.CopyTo(_values);
            (_length, _channels, _leadOff, _microseconds) = (frame.Values.Length, frame.Channels, frame.LeadOff, frame.DeviceMicroseconds);
            Counter = frame.Counter;
        }
    }
}
