using System.Buffers.Binary;
using System.Reactive.Concurrency;
using System.Text.Json;

namespace EcgFm.Acquisition.Transports;

/// <summary>Plays a <see cref="RawRecording"/>.</summary>
public sealed class RawFileTransport : IByteTransport
{
    private const int LongestHeader = 4096;

    private readonly PlaybackSpeed _speed;
    private readonly IScheduler _scheduler;
    private readonly long _begin;

    /// <param name="path">The file.</param>
    /// <param name="speed">How fast.</param>
    /// <param name="scheduler">Paces it; null means the host's clock.</param>
    /// <exception cref="DeviceException">There is no such file, or it is no recording.</exception>
    public RawFileTransport(string path, PlaybackSpeed speed = default, IScheduler? scheduler = null)
    {
        (Name, _speed, _scheduler) = (path, speed, scheduler ?? DefaultScheduler.Instance);
        using var file = Open(path);
        var head = new byte[LongestHeader];
        var length = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        var end = Array.IndexOf(head, (byte)'\n', 0, length);
        try
        {
            using var header = JsonDocument.Parse(head.AsMemory(0, Math.Max(end, 0)));
            if (header.RootElement.GetProperty("format").GetString() != RawRecording.Format) throw Wrong(null);
            if (header.RootElement.GetProperty("version").GetInt32() != 1) throw new DeviceException(DeviceFault.Failed, $"{path}: the recording is of another version than 1, which this program knows.");
            Profile = header.RootElement.GetProperty("profile").GetString() ?? throw Wrong(null);
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
        return new(new Line(file, Start, _speed, _scheduler));
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

    /// <summary>A read gives one record, so that the bytes arrive as they did.</summary>
    private sealed class Line(FileStream file, DateTimeOffset start, PlaybackSpeed speed, IScheduler scheduler) : LineStream, ITimedLine
    {
        private readonly IStopwatch _clock = scheduler.StartStopwatch();
        private TimeSpan _played;
        private readonly byte[] _head = new byte[RawRecording.HeadLength];
        private int _rest;

        public DateTimeOffset Arrival { get; private set; } = start;

        public override bool CanWrite => false;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_rest == 0)
            {
                if (!Next()) return 0;
                if (!speed.IsMax) await Due(cancellationToken).ConfigureAwait(false);
            }

            cancellationToken.ThrowIfCancellationRequested();
            var read = await file.ReadAsync(buffer[..Math.Min(buffer.Length, _rest)], cancellationToken).ConfigureAwait(false);
            _rest -= read;
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) file.Dispose();
            base.Dispose(disposing);
        }

        /// <summary>Goes to the next record with bytes; false at the end, or where a record is not complete.</summary>
        private bool Next()
        {
            while (file.ReadAtLeast(_head, _head.Length, throwOnEndOfStream: false) == _head.Length)
            {
                var passed = TimeSpan.FromMicroseconds(BinaryPrimitives.ReadUInt32BigEndian(_head));
                Arrival += passed;
                _played += passed;
                int length = BinaryPrimitives.ReadUInt16BigEndian(_head.AsSpan(4));
                if (length > 0) return (_rest = length) <= file.Length - file.Position;
            }

            return false;
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
