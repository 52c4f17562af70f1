using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EcgFm.Acquisition.Transports;

/// <summary>Keeps the bytes of one connection with the times at which they arrived, so that a replay gives what the live device gave.</summary>
/// <remarks>
/// <para>
/// A file begins with one line of JSON, <c>{"format":"ecgfm-raw","version":1,"profile":…,"start":…}</c>; <c>start</c> is the time of day of the first bytes. Records
/// follow to the end: microseconds since the record before (u32, most significant byte first), length (u16), bytes. A length of 0 only passes time. A record
/// that a power cut has left incomplete is ignored.
/// </para>
/// <para>Recording must never cost a sample: when the disk fails, it ends with a line of log and the device goes on.</para>
/// </remarks>
/// <param name="prefix">Folder and beginning of the file's name; the time and <c>.raw</c> follow. The file is made when the first bytes come.</param>
/// <param name="profile">The device's profile.</param>
/// <param name="log">Hears when the disk fails.</param>
public sealed class RawRecording(string prefix, string profile, ILogger? log = null) : IDisposable
{
    /// <summary>The name of the format in the first line.</summary>
    public const string Format = "ecgfm-raw";

    internal const int HeadLength = 6;

    private readonly ILogger _log = log ?? NullLogger.Instance;
    private readonly byte[] _head = new byte[HeadLength];
    private FileStream? _file;
    private DateTimeOffset _last;
    private bool _failed;

    /// <summary>Bytes have arrived.</summary>
    public void Received(ReadOnlySpan<byte> bytes, DateTimeOffset at)
    {
        if (_failed) return;
        try
        {
            _file ??= Create(at);
            // A clock that was set back must not make time run backward; one that was set forward may take several records to follow.
            var passed = Math.Max(0, (at - _last).Ticks / TimeSpan.TicksPerMicrosecond);
            _last = at < _last ? at : _last.AddMicroseconds(passed);
            for (; passed > uint.MaxValue; passed -= uint.MaxValue) Record(uint.MaxValue, default);
            for (; bytes.Length > ushort.MaxValue; bytes = bytes[ushort.MaxValue..], passed = 0) Record((uint)passed, bytes[..ushort.MaxValue]);
            Record((uint)passed, bytes);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            _failed = true;
            _log.LogError("{Prefix}: recording the bytes ends, the device goes on: {Fault}", prefix, fault.Message);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            _file?.Dispose();
        }
        catch (IOException fault)
        {
            _log.LogError("{Prefix}: the recording of the bytes is not complete: {Fault}", prefix, fault.Message);
        }
    }

    private FileStream Create(DateTimeOffset start)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"{prefix}-{start.UtcDateTime:yyyyMMdd'T'HHmmss.fff'Z'}.raw");
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 1 << 16);
        file.Write(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object> { ["format"] = Format, ["version"] = 1, ["profile"] = profile, ["start"] = start }));
        file.WriteByte((byte)'\n');
        _last = start;
        return file;
    }

    private void Record(uint microseconds, ReadOnlySpan<byte> bytes)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_head, microseconds);
        BinaryPrimitives.WriteUInt16BigEndian(_head.AsSpan(4), (ushort)bytes.Length);
        _file!.Write(_head);
        _file.Write(bytes);
    }
}
