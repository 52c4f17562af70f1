using System.Buffers;
using System.Reactive.Concurrency;
using System.Threading.Channels;
using EcgFm.Acquisition.Profiles;
using EcgFm.Acquisition.Transports;
using EcgFm.Testing;

namespace EcgFm.Acquisition.Tests.Emulation;

/// <summary>A board and its line in virtual time: <see cref="RunAsync"/> lets time pass, and the device under test has dealt with everything when it returns.</summary>
internal sealed class VirtualBoard : Stream, IByteTransport
{
    public static readonly DateTimeOffset Zero = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    private readonly Channel<byte[]> _pieces = Channel.CreateUnbounded<byte[]>();
    private readonly ArrayBufferWriter<byte> _sent = new();
    private readonly double[] _millivolts;
    private readonly int[] _wiring;
    private readonly double _rate;
    private volatile TaskCompletionSource _asked = New();
    private ReadOnlyMemory<byte> _rest;
    private bool _closed;

    /// <param name="profile">The profile of the board.</param>
    /// <param name="driftPpm">By how much its clock is fast.</param>
    public VirtualBoard(DeviceProfile profile, double driftPpm = 0)
    {
        Board = BoardEmulator.Create(profile, _sent);
        _wiring = Board.Wiring(profile);
        _millivolts = new double[Board.Inputs];
        _rate = Board.SampleRate * (1 + driftPpm / 1e6);
    }

    public HistoricalScheduler Scheduler { get; } = new(Zero);

    public BoardEmulator Board { get; }

    /// <summary>Sampling instants that the board has taken.</summary>
    public long Taken { get; private set; }

    /// <summary>The number of the first instant that was sent.</summary>
    public long FirstSent { get; private set; } = -1;

    /// <summary>What the board sends goes through this.</summary>
    public Func<byte[], byte[]> OnTheWay { get; init; } = bytes => bytes;

    /// <summary>Which electrodes are off; bit n is input n.</summary>
    public uint LeadOff { get; set; }

    public string Name => "board";

    public bool IsLive => true;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public static DeviceProfile Profile(string name) => new ProfileCatalog([Path.Combine(TestData.Repository, "device", "profiles")]).Find(name);

    /// <summary>What a standard lead carries at an instant of the board's own clock.</summary>
    public static double Source(int lead, long instant, double rate) =>
        0.9 * Math.Sin(2 * Math.PI * (1.1 + 0.13 * lead) * (instant / rate)) + 0.1 * Math.Sin(2 * Math.PI * 13 * (instant / rate) + lead);

    /// <summary>When an instant was taken.</summary>
    public DateTimeOffset TimeOf(long instant) => Zero + TimeSpan.FromSeconds(instant / _rate);

    public ValueTask<Stream> OpenAsync(CancellationToken cancellation) => new(new LiveStream(this, this, Name));

    /// <summary>Lets time pass. What the board sends arrives at the moment when it has taken the last sample in it.</summary>
    public async Task RunAsync(double seconds, double step = 0.05)
    {
        var until = Scheduler.Clock.AddSeconds(seconds);
        // The front end's frames have ten instants.
        var instants = Math.Max(10, 10 * (long)Math.Round(step * Board.SampleRate / 10));
        while (Scheduler.Clock < until && !_closed)
        {
            await _asked.Task;
            Scheduler.AdvanceTo(TimeOf(Taken + instants));
            await _asked.Task;
            if (_closed) return;
            for (var due = Taken + instants; Taken < due; Taken++)
            {
                for (var i = 0; i < _millivolts.Length; i++) _millivolts[i] = _wiring[i] < 0 ? 0 : Source(_wiring[i], Taken, Board.SampleRate);
                Board.Sample(_millivolts, LeadOff);
                if (FirstSent < 0 && Board.Streaming) FirstSent = Taken;
            }

            Push();
            await _asked.Task;
        }
    }

    /// <summary>Somebody pulls the plug.</summary>
    public void Cut() => _pieces.Writer.Complete();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_rest.IsEmpty && _pieces.Reader.TryRead(out var ready)) _rest = ready;
        if (_rest.IsEmpty)
        {
            // Whoever cancels is told at once that nobody asks any more.
            using var gone = cancellationToken.Register(Busy);
            _asked.TrySetResult();
            _rest = await _pieces.Reader.ReadAsync(cancellationToken);
        }

        var count = Math.Min(buffer.Length, _rest.Length);
        _rest[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Board.Receive(buffer.Span);
        Push();
        return ValueTask.CompletedTask;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _closed = true;
        _asked.TrySetResult();
        base.Dispose(disposing);
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Nobody asks any more. Whoever waits for the next question waits on the same promise.</summary>
    private void Busy()
    {
        if (_asked.Task.IsCompleted) _asked = New();
    }

    private void Push()
    {
        if (_sent.WrittenCount == 0) return;
        var bytes = OnTheWay(_sent.WrittenSpan.ToArray());
        _sent.ResetWrittenCount();
        if (bytes.Length == 0) return;
        Busy();
        // Nobody hears a board whose plug is pulled.
        if (!_pieces.Writer.TryWrite(bytes)) _asked.TrySetResult();
    }
}
