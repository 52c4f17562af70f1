using System.Globalization;
using System.Text.RegularExpressions;

namespace EcgFm.Acquisition.Recording;

/// <summary>The folder in which the recordings of all beds lie, and its limits: the oldest go first, those being written never. Safe to use from any thread.</summary>
/// <remarks>A record's name is the bed and the time of its first sample, <c>bed-1_20261125T140000Z</c>: never anything about the patient. Other files are left alone.</remarks>
/// <param name="path">The folder; it is made when the first record begins.</param>
/// <param name="maxBytes">The most bytes that recordings take together; null for no limit.</param>
/// <param name="maxAge">The time after which a record goes, counted from its first sample; null for no limit.</param>
/// <param name="time">The clock of the age limit.</param>
public sealed partial class RecordingFolder(string path, long? maxBytes = null, TimeSpan? maxAge = null, TimeProvider? time = null)
{
    private const string Stamp = "yyyyMMdd'T'HHmmss'Z'";

    private readonly Lock _gate = new();
    private readonly HashSet<string> _open = [];

    /// <summary>The folder.</summary>
    public string Path => path;

    /// <summary>Finds room and a free name for a record that begins; it is in use until it is released.</summary>
    /// <param name="bed">The bed: a position.</param>
    /// <param name="start">The time of the first sample.</param>
    /// <returns>The path of the record, without extension.</returns>
    /// <exception cref="IOException">The folder cannot be made or read.</exception>
    internal string Claim(string bed, DateTimeOffset start)
    {
        Directory.CreateDirectory(path);
        // WFDB takes letters, digits, hyphens and underscores.
        var name = $"{NotInNames().Replace(bed, "-")}_{start.UtcDateTime.ToString(Stamp, CultureInfo.InvariantCulture)}";
        lock (_gate)
        {
            var free = name;
            for (var again = 2; _open.Contains(free) || Directory.EnumerateFiles(path, free + ".*").Any(); again++) free = $"{name}-{again}";
            MakeRoom();
            _open.Add(free);
            return System.IO.Path.Combine(path, free);
        }
    }

    /// <summary>The record is written to its end.</summary>
    internal void Release(string record)
    {
        lock (_gate) _open.Remove(System.IO.Path.GetFileName(record));
    }

    /// <summary>Removes what is beyond the limits, the oldest first.</summary>
    /// <exception cref="IOException">The folder cannot be read, or a record cannot be removed.</exception>
    internal void MakeRoom()
    {
        if (maxBytes is null && maxAge is null) return;
        lock (_gate)
        {
            var records = new DirectoryInfo(path).EnumerateFiles()
                .Select(file => (File: file, Name: RecordFile().Match(file.Name)))
                .Where(found => found.Name.Success)
                .GroupBy(found => found.Name.Groups["record"].Value)
                .Select(record => (Name: record.Key, Stamp: record.First().Name.Groups["stamp"].Value, Files: record.Select(found => found.File).ToList(), Bytes: record.Sum(found => Length(found.File))))
                .OrderBy(record => record.Stamp, StringComparer.Ordinal)
                .ThenBy(record => record.Name, StringComparer.Ordinal)
                .ToList();
            var bytes = records.Sum(record => record.Bytes);
            var oldest = maxAge is { } age ? ((time ?? TimeProvider.System).GetUtcNow() - age).UtcDateTime.ToString(Stamp, CultureInfo.InvariantCulture) : "";
            foreach (var record in records)
            {
                if (_open.Contains(record.Name)) continue;
                if (!(bytes > maxBytes) && string.CompareOrdinal(record.Stamp, oldest) >= 0) continue;
                // The header first: a record without one is none, a header without samples is a broken one.
                foreach (var file in record.Files.OrderBy(file => file.Extension != ".hea")) file.Delete();
                bytes -= record.Bytes;
            }
        }
    }

    /// <summary>Nothing, when another bed has put its draft in the old one's place meanwhile; a file that exists has its length from the same look.</summary>
    private static long Length(FileInfo file) => file.Exists ? file.Length : 0;

    [GeneratedRegex("[^A-Za-z0-9_-]")]
    private static partial Regex NotInNames();

    [GeneratedRegex(@"^(?<record>[A-Za-z0-9_-]+_(?<stamp>\d{8}T\d{6}Z)(-\d+)?)\.(hea|dat|edge)(\.tmp)?$")]
    private static partial Regex RecordFile();
}
