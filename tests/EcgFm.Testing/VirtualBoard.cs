using System.Buffers;
using EcgFm.Acquisition.Emulation;
using EcgFm.Acquisition.Profiles;
using EcgFm.Acquisition.Transports;

namespace EcgFm.Testing;

/// <summary>A board and its line in virtual time: <see cref="RunAsync"/> lets time pass, and the device under test has dealt with everything when it returns.</summary>
public sealed class VirtualBoard : IByteTransport, IDisposable
{
    public static readonly DateTimeOffset Zero = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    private readonly DeviceProfile _profile;
    private readonly ArrayBufferWriter<byte> _sent = new();
    private readonly double[] _millivolts;
    private readonly int[] _wiring;
    private readonly double _rate;
    private ScriptedLine _line;
    private ushort _starts = 1;

    /// <param name="profile">The profile of the board.</param>
    /// <param name="driftPpm">By how much its clock is fast.</param>
    public VirtualBoard(DeviceProfile profile, double driftPpm = 0)
    {
        _profile = profile;
        Board = BoardEmulator.Create(profile, _sent);
        _wiring = Board.Wiring(profile);
        _millivolts = new double[Board.Inputs];
        _rate = Board.SampleRate * (1 + driftPpm / 1e6);
        _line = NewLine();
    }

    public VirtualScheduler Scheduler { get; } = new(Zero);

    public BoardEmulator Board { get; private set; }

    /// <summary>Sampling instants that the board has taken.</summary>
    public long Taken { get; private set; }

    /// <summary>The number of the first instant that was sent.</summary>
    public long FirstSent { get; private set; } = -1;

    /// <summary>What the board sends goes through this.</summary>
    public Func<byte[], byte[]> OnTheWay { get; init; } = bytes => bytes;

    /// <summary>Which electrodes are off; bit n is input n.</summary>
    public uint LeadOff { get; set; }

    /// <summary>How often somebody has opened the line.</summary>
    public int Openings { get; private set; }

    public string Name => "board";

    public bool IsLive => true;

    /// <summary>The profiles that come with the program.</summary>
    public static ProfileCatalog Catalog { get; } = new([Path.Combine(TestData.Repository, "device", "profiles")]);

    public static DeviceProfile Profile(string name) => Catalog.Find(name);

    /// <summary>What a standard lead carries at an instant of the board's own clock.</summary>
    public static double Source(int lead, long instant, double rate) =>
        0.9 * Math.Sin(2 * Math.PI * (1.1 + 0.13 * lead) * (instant / rate)) + 0.1 * Math.Sin(2 * Math.PI * 13 * (instant / rate) + lead);

    /// <summary>When an instant was taken.</summary>
    public DateTimeOffset TimeOf(long instant) => Zero + TimeSpan.FromSeconds(instant / _rate);

    public ValueTask<Stream> OpenAsync(CancellationToken cancellation)
    {
        if (_line.Closed.Task.IsCompleted) _line = NewLine();
        Openings++;
        return _line.OpenAsync(cancellation);
    }

    /// <summary>Lets time pass. What the board sends arrives at the moment when it has taken the last sample in it.</summary>
    public async Task RunAsync(double seconds, double step = 0.05)
    {
        var until = Scheduler.Clock.AddSeconds(seconds);
        // The front end's frames have ten instants.
        var instants = Math.Max(10, 10 * (long)Math.Round(step * Board.SampleRate / 10));
        while (Scheduler.Clock < until && !_line.Closed.Task.IsCompleted)
        {
            await _line.Asked;
            // Time that passed otherwise, nobody has listened in.
            while (TimeOf(Taken + instants) <= Scheduler.Clock)
            {
                Take(instants);
                _sent.ResetWrittenCount();
            }

            Scheduler.AdvanceTo(TimeOf(Taken + instants));
            await _line.Asked;
            if (_line.Closed.Task.IsCompleted) return;
            Take(instants);
            if (FirstSent < 0 && Board.Streaming) FirstSent = Taken - instants;
            Push();
            await _line.Asked;
        }
    }

    /// <summary>The board loses its power for a moment while the line stays open, as behind a radio dongle or a USB chip of its own.</summary>
    public void Restart() => Board = _profile.Framing.Kind == "ecgfm" ? new EmulatedFrontEnd(_sent, ++_starts) : BoardEmulator.Create(_profile, _sent);

    /// <summary>Somebody pulls the plug.</summary>
    public void Cut() => _line.Cut();

    public void Dispose() => _line.Dispose();

    private void Take(long instants)
    {
        for (var due = Taken + instants; Taken < due; Taken++)
        {
            for (var i = 0; i < _millivolts.Length; i++) _millivolts[i] = _wiring[i] < 0 ? 0 : Source(_wiring[i], Taken, Board.SampleRate);
            Board.Sample(_millivolts, LeadOff);
        }
    }

    private ScriptedLine NewLine() => new(bytes =>
    {
        Board.Receive(bytes.Span);
        Push();
    });

    private void Push()
    {
        if (_sent.WrittenCount == 0) return;
        var bytes = OnTheWay(_sent.WrittenSpan.ToArray());
        _sent.ResetWrittenCount();
        if (bytes.Length > 0) _line.Send(bytes);
    }
}
