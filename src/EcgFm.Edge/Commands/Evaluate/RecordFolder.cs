using EcgFm.Acquisition.Wfdb;
using EcgFm.Core;
using EcgFm.Edge.Configuration;

namespace EcgFm.Edge.Commands.Evaluate;

/// <summary>A folder of WFDB records that an evaluation goes through.</summary>
internal static class RecordFolder
{
    /// <summary>The records of a folder and those below it, in the order of their names; a segment of a record that has several is none of its own.</summary>
    /// <exception cref="ConfigurationException">There is no such folder, or no record in it.</exception>
    public static IReadOnlyList<string> Find(string folder)
    {
        if (!Directory.Exists(folder)) throw new ConfigurationException([$"--records is \"{folder}\"; allowed is a folder that exists"]);
        string[] paths = [.. Directory.GetFiles(folder, "*.hea", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        var segments = paths.SelectMany(Segments).ToHashSet(StringComparer.Ordinal);
        return paths.Length > 0 ? [.. paths.Where(path => !segments.Contains(path))] : throw new ConfigurationException([$"--records is \"{folder}\"; allowed is a folder with WFDB records, and this one has no .hea file"]);
    }

    /// <summary>Judges record by record. One that cannot be judged is named with the reason, and the others go on.</summary>
    /// <param name="records">What to judge, each with the path of its header.</param>
    /// <param name="judge">Judges one; false when it is too short for a window.</param>
    /// <param name="end">Prints the sums of those that could be judged.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="InvalidDataException">After the sums: some could not be judged; or none could, and then there are no sums.</exception>
    public static async Task JudgeAsync<T>(IReadOnlyCollection<(T Item, string Path)> records, Func<T, WfdbRecord, Task<bool>> judge, Action end, CancellationToken stop)
    {
        var (judged, failed) = (0, 0);
        foreach (var (item, path) in records)
        {
            stop.ThrowIfCancellationRequested();
            try
            {
                if (await judge(item, WfdbRecord.Open(path)).ConfigureAwait(false)) judged++;
                else await Console.Error.WriteLineAsync($"ecgfm-edge: {path} is too short for a window; it is left out.").ConfigureAwait(false);
            }
            catch (Exception fault) when (fault is not (OperationCanceledException or OutOfMemoryException))
            {
                failed++;
                await Console.Error.WriteLineAsync($"ecgfm-edge: {path} is left out: {fault.Message}").ConfigureAwait(false);
            }
        }

        if (judged > 0) end();
        if (judged == 0) throw new InvalidDataException($"none of the {records.Count} records could be judged.");
        if (failed > 0) throw new InvalidDataException($"{failed} of {records.Count} records could not be judged; the figures are those of the others.");
    }

    /// <summary>Says which of the leads that were asked for a record lacks.</summary>
    public static void NameMissing(WfdbRecord record, LeadSet asked)
    {
        if (asked == LeadSet.All) return;
        var there = record.Channels.Names.Select(name => StandardLeads.TryParse(name, out var lead) ? lead : (Lead?)null).OfType<Lead>().ToHashSet();
        var missing = asked.Where(lead => !there.Contains(lead)).Select(StandardLeads.Name).ToList();
        if (there.Count > 0 && missing.Count > 0) Console.Error.WriteLine($"ecgfm-edge: {record.Name} has no lead {string.Join(", ", missing)}; it is judged without.");
    }

    /// <summary>The headers of a record's segments; a header that cannot be read is told of when its turn comes.</summary>
    private static IEnumerable<string> Segments(string path)
    {
        List<string> lines;
        try
        {
            lines = [.. File.ReadLines(path).Where(line => line.Length > 0 && line[0] != '#')];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return [];
        }

        return lines.Count == 0 || !lines[0].Split(' ')[0].Contains('/') ? [] : lines.Skip(1).Select(line => Path.Combine(Path.GetDirectoryName(path)!, line.Split(' ')[0] + ".hea"));
    }
}
