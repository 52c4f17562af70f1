using System.Reactive.Concurrency;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EcgFm.Acquisition.Transports;

/// <summary>Plays a <see cref="RawRecording"/>.</summary>
public sealed class RawFileTransport : IByteTransport
{
    private const int LongestHeader = 4096;

    private readonly PlaybackSpeed _speed;
    private readonly IScheduler _scheduler;
    private readonly ILogger _log;
    private readonly long _begin;

    /// <param name="path">The file.</param>
    /// <param name="speed">How fast.</param>
    /// <param name="scheduler">Paces it; null means the host's clock.</param>
    /// <param name="log">Gets a line at the end when parts of the recording were damaged.</param>
    /// <exception cref="DeviceException">There is no such file, or it is no recording.</exception>
    public RawFileTransport(string path, PlaybackSpeed speed = default, IScheduler? scheduler = null, ILogger? log = null)
    {
        (Name, _speed, _scheduler, _log) = (path, speed, scheduler ?? DefaultScheduler.Instance, log ?? NullLogger.Instance);
        using var file = Open(path);
        var head = new byte[LongestHeader];
        var length = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        var end = Array.IndexOf(head, (byte)'\n', 0, length);
        try
        {
            using var header = JsonDocument.Parse(head.AsMemory(0, Math.Max(end, 0)));
            if (header.RootElement.GetProperty("format").GetString() != RawRecording.Format) throw Wrong(null);
            if (header.RootElement.GetProperty("version").GetInt32() != RawRecording.Version)
                throw new DeviceException(DeviceFault.Failed, $"{path}: the recording is of another version than {RawRecording.Version}, which this program knows.");
            Profile = header.RootElement.GetProperty("profile").GetString() ?? throw Wrong(null);
            TestsLeads = header.RootElement.TryGetProperty("leadOffTest", out var test) && test.GetBoolean();
            Start = header.RootElement.GetProperty("start").GetDateTimeOffset();
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Wrong(fault);
        }

        _begin = end + 1;

        DeviceException Wrong(Exception? cause) => new(DeviceFault.Failed, $"{path}: this is no recording of a device's bytes ({RawRecording.Format}).", cause);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public bool IsLive => false;

    /// <summary>The profile of the device that was recorded.</summary>
    public string Profile { get; }

    /// <summary>Whether the lead-off test was on, whose current is in the samples.</summary>
    public bool TestsLeads { get; }

    /// <summary>When the recording began.</summary>
    public DateTimeOffset Start { get; }

    /// <summary>Whether a file begins like a recording.</summary>
    public static bool IsRecording(string path)
    {
        if (!File.Exists(path)) return false;
        Span<byte> head = stackalloc byte[64];
        using var file = File.OpenRead(path);
        return head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)].IndexOf("\"format\":\"ecgfm-raw\""u8) >= 0;
    }

    /// <inheritdoc/>
    public ValueTask<Stream> OpenAsync(CancellationToken cancellation)
    {
        var file = Open(Name);
        file.Position = _begin;
        return new(new Line(file, Start, _speed, _scheduler, _log));
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DeviceException(DeviceFault.NotFound, $"{path}: there is no such file.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new DeviceException(DeviceFault.PermissionDenied, $"{path}: the file may not be read by this user.", e);
        }
    }

    /// <summary>A read gives one record, so that the bytes arrive as they did. What is damaged costs one byte, and the search for the next record goes on behind it.</summary>
    private sealed class Line(FileStream file, DateTimeOffset start, PlaybackSpeed speed, IScheduler scheduler, ILogger log) : LineStream, ITimedLine
    {
        private readonly IStopwatch _clock = scheduler.StartStopwatch();
        private readonly byte[] _buffer = new byte[2 * (RawRecord.MostBytes + RawRecord.Overhead)];
        private int _at, _end;
        private ReadOnlyMemory<byte> _rest;
        private TimeSpan _played;
        private int _lastLength = 1;
        private long _damaged;

        public DateTimeOffset Arrival => start + _played;

        public int Lost { get; private set; }

        public override bool CanWrite => false;

        private ReadOnlySpan<byte> Ahead => _buffer.AsSpan(_at, _end - _at);

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Lost = 0;
            if (_rest.IsEmpty)
            {
                if (!Next()) return 0;
                if (!speed.IsMax) await Due(cancellationToken).ConfigureAwait(false);
            }

            cancellationToken.ThrowIfCancellationRequested();
            var read = Math.Min(buffer.Length, _rest.Length);
            _rest[..read].CopyTo(buffer);
            _rest = _rest[read..];
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) file.Dispose();
            base.Dispose(disposing);
        }

        /// <summary>Goes to the next record that is intact; false at the end.</summary>
        private bool Next()
        {
            var skipped = 0;
            while (Has(RawRecord.Overhead))
            {
                var found = Ahead.IndexOf(RawRecord.Beginning);
                if (found != 0)
                {
                    // The last byte may be the first of a beginning.
                    var skip = found > 0 ? found : Ahead.Length - 1;
                    _at += skip;
                    skipped += skip;
                    continue;
                }

                var length = RawRecord.LengthOf(Ahead);
                if (Has(length) && RawRecord.TryRead(Ahead[..length], out var since, out var bytes))
                {
                    _played = since;
                    _rest = _buffer.AsMemory(_at, length)[bytes];
                    _at += length;
                    // Of what was skipped, so much was the recording's own, if the records were like this one and the last.
                    Lost = skipped == 0 ? 0 : (int)Math.Max(1, (long)skipped * _lastLength / (_lastLength + RawRecord.Overhead));
                    _damaged += skipped;
                    _lastLength = _rest.Length;
                    return true;
                }

                _at++;
                skipped++;
            }

            _damaged += skipped + Ahead.Length;
            if (_damaged > 0) log.LogWarning("{Name}: {Bytes} bytes of the recording are damaged or incomplete, and were left out.", file.Name, _damaged);
            _damaged = 0;
            _at = _end;
            return false;
        }

        /// <summary>Reads on until so many bytes are there; false when the file ends before.</summary>
        private bool Has(int bytes)
        {
            if (_end - _at >= bytes) return true;
            _buffer.AsSpan(_at, _end - _at).CopyTo(_buffer);
            (_at, _end) = (0, _end - _at);
            _end += file.ReadAtLeast(_buffer.AsSpan(_end), bytes - _end, throwOnEndOfStream: false);
            return _end >= bytes;
        }

        private async Task Due(CancellationToken cancellation)
        {
            var wait = _played / speed.Factor - _clock.Elapsed;
            if (wait <= TimeSpan.Zero) return;
            var due = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var plan = scheduler.Schedule(wait, due.SetResult);
            await due.Task.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }
}
