using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EcgFm.Acquisition.Transports;

/// <summary>Keeps the bytes of one connection with the times at which they arrived, so that a replay gives what the live device gave.</summary>
/// <remarks>
/// <para>
/// A file begins with one line of JSON, <c>{"format":"ecgfm-raw","version":2,"profile":…,"leadOffTest":…,"start":…}</c>; <c>start</c> is the time of day of the first bytes. Records
/// (<see cref="RawRecord"/>) follow to the end, each with its time and a check value. One that is damaged, or that a power cut has left incomplete, is left out.
/// </para>
/// <para>Recording must never cost a sample: when the disk fails, it ends with a line of log and the device goes on.</para>
/// </remarks>
/// <param name="prefix">Folder and beginning of the file's name; the time and <c>.raw</c> follow. The file is made when the first bytes come.</param>
/// <param name="profile">The device's profile.</param>
/// <param name="log">Hears when the disk fails.</param>
/// <param name="testsLeads">Whether the lead-off test is on, whose current is in the samples.</param>
public sealed class RawRecording(string prefix, string profile, ILogger? log = null, bool testsLeads = false) : IDisposable
{
    /// <summary>The name of the format in the first line.</summary>
    public const string Format = "ecgfm-raw";

    internal const int Version = 2;

    private readonly ILogger _log = log ?? NullLogger.Instance;
    private FileStream? _file;
    private byte[] _record = [];
    private DateTimeOffset _start;
    private TimeSpan _last;
    private bool _failed;

    /// <summary>Bytes have arrived.</summary>
    public void Received(ReadOnlySpan<byte> bytes, DateTimeOffset at)
    {
        if (_failed || bytes.IsEmpty) return;
        try
        {
            _file ??= Create(at);
            // A clock that was set back must not make time run backward.
            _last = at - _start > _last ? at - _start : _last;
            for (; bytes.Length > RawRecord.MostBytes; bytes = bytes[RawRecord.MostBytes..]) Record(bytes[..RawRecord.MostBytes]);
            Record(bytes);
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
        file.Write(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object> { ["format"] = Format, ["version"] = Version, ["profile"] = profile, ["leadOffTest"] = testsLeads, ["start"] = start }));
        file.WriteByte((byte)'\n');
        _start = start;
        return file;
    }

    private void Record(ReadOnlySpan<byte> bytes)
    {
        if (_record.Length < RawRecord.Overhead + bytes.Length) _record = new byte[RawRecord.Overhead + bytes.Length];
        _file!.Write(_record.AsSpan(0, RawRecord.Write(_last, bytes, _record)));
    }
}
