using System.Collections.Immutable;
using EcgFm.Alerts;
using EcgFm.Edge.Configuration;

namespace EcgFm.Edge.Commands.Evaluate;

/// <summary>What is true of each record, from a CSV file in one of three forms.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>A first row <c>record,LABEL,LABEL…</c> with the names of the network's labels, then one row a record: 1 is so, 0 is not, nothing is not known.</item>
/// <item>
/// A first row <c>record,class…</c> and PTB-XL's rhythm statements (SR, AF or AFIB, AFL or AFLT, STACH, SBRAD, SARRH, PACE, SVARR, BIGU, TRIGU, SVTAC, PSVT; several joined by
/// <c>+</c>; <c>none</c> or <c>other/none</c>). Other columns are not read. A record without a statement counts as no fibrillation.
/// </item>
/// <item>No first row, and a class in the second column, as PhysioNet's challenge of 2017 has it: N, A, O or ~.</item>
/// </list>
/// </remarks>
internal sealed class ReferenceTable
{
    private const string Fibrillation = RuleProbability.AtrialFibrillation, Flutter = "Atrial flutter", Sinus = "Sinus rhythm", Tachycardia = "Tachycardia",
        Bradycardia = "Bradycardia", Pacemaker = "Electronic pacemaker", Poor = RuleProbability.PoorDataQuality;

    private static readonly string[] Statements = ["SR", "SARRH", "STACH", "SBRAD", "AF", "AFIB", "AFL", "AFLT", "PACE", "SVARR", "BIGU", "TRIGU", "SVTAC", "PSVT"];

    private ReferenceTable(ImmutableArray<ReferenceRow> rows, ImmutableArray<string> labels) => (Rows, Labels) = (rows, labels);

    /// <summary>The records.</summary>
    public ImmutableArray<ReferenceRow> Rows { get; }

    /// <summary>The labels of which the file says something.</summary>
    public ImmutableArray<string> Labels { get; }

    /// <summary>Reads the file.</summary>
    /// <exception cref="ConfigurationException">It cannot be read, or a row is wrong; file, line and column are named.</exception>
    public static ReferenceTable Read(string path)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException([$"--labels is \"{path}\"; allowed is a CSV file that this user can read ({fault.Message})"]);
        }

        var header = lines.Length > 0 ? Fields(lines[0]) : throw Wrong(path, 1, 1, "", "a record or a row of names");
        var named = header[0].Equals("record", StringComparison.OrdinalIgnoreCase);
        if (named && header.Length < 2) throw Wrong(path, 1, 2, "", "a label, or class");
        for (var column = 1; named && column < header.Length; column++)
            if (header.AsSpan(0, column).Contains(header[column]))
                throw Wrong(path, 1, column + 1, header[column], "a label that no column before it has");
        var byClass = named && header[1].Equals("class", StringComparison.OrdinalIgnoreCase);
        var (rows, names) = (ImmutableArray.CreateBuilder<ReferenceRow>(), new HashSet<string>(StringComparer.Ordinal));
        for (var i = named ? 1 : 0; i < lines.Length; i++)
        {
            if (string.IsNullOrWhiteSpace(lines[i])) continue;
            var fields = Fields(lines[i]);
            if (fields[0].Length == 0) throw Wrong(path, i + 1, 1, fields[0], "the name of a record");
            if (fields.Length < 2 || (named && !byClass && fields.Length != header.Length))
                throw Wrong(path, i + 1, fields.Length + 1, "the end of the row", named ? $"{header.Length} columns as in the first row" : "a class");
            if (!names.Add(fields[0])) throw Wrong(path, i + 1, 1, fields[0], "a record that no row before it names");
            var truth = !named ? OfChallenge(path, i + 1, fields[1]) : byClass ? OfStatement(path, i + 1, fields[1]) : OfColumns(path, i + 1, header, fields);
            rows.Add(new ReferenceRow(fields[0], truth));
        }

        if (rows.Count == 0) throw Wrong(path, lines.Length, 1, "the end of the file", "a record");
        return new(rows.ToImmutable(), [.. rows.SelectMany(row => row.Truth.Keys).Distinct()]);
    }

    private static string[] Fields(string line) => [.. line.Split(',').Select(field => field.Trim().Trim('"'))];

    private static ImmutableDictionary<string, bool> OfColumns(string path, int line, string[] header, string[] fields)
    {
        var truth = ImmutableDictionary.CreateBuilder<string, bool>();
        for (var column = 1; column < header.Length; column++)
        {
            if (fields[column].Length == 0) continue;
            truth[header[column]] = fields[column] switch
            {
                "1" => true,
                "0" => false,
                _ => throw Wrong(path, line, column + 1, fields[column], "0, 1 or nothing"),
            };
        }

        return truth.ToImmutable();
    }

    private static ImmutableDictionary<string, bool> OfChallenge(string path, int line, string kind) => kind switch
    {
        "N" => Truth((Fibrillation, false), (Poor, false), (Sinus, true)),
        "A" => Truth((Fibrillation, true), (Poor, false), (Sinus, false)),
        "O" => Truth((Fibrillation, false), (Poor, false)),
        "~" => Truth((Fibrillation, false), (Poor, true)),
        _ => throw Wrong(path, line, 2, kind, "N, A, O or ~ (or a first row that begins with \"record\")"),
    };

    /// <summary>Only of sinus rhythm does the statement say whether it is fast or slow.</summary>
    private static ImmutableDictionary<string, bool> OfStatement(string path, int line, string statement)
    {
        var said = statement is "none" or "other/none" ? [] : statement.Split('+').ToHashSet();
        foreach (var word in said.Where(word => !Statements.Contains(word)))
            throw Wrong(path, line, 2, word, $"PTB-XL's rhythm statements ({string.Join(", ", Statements)}), joined by +, or none");
        var (fibrillation, flutter) = (said.Overlaps(["AF", "AFIB"]), said.Overlaps(["AFL", "AFLT"]));
        var sinus = said.Overlaps(["SR", "SARRH", "STACH", "SBRAD"]) && !fibrillation && !flutter;
        var truth = Truth((Fibrillation, fibrillation), (Flutter, flutter), (Pacemaker, said.Contains("PACE")));
        if (sinus || fibrillation || flutter) truth = truth.Add(Sinus, sinus);
        return sinus ? truth.Add(Tachycardia, said.Contains("STACH")).Add(Bradycardia, said.Contains("SBRAD")) : truth;
    }

    private static ImmutableDictionary<string, bool> Truth(params ReadOnlySpan<(string Label, bool Is)> pairs)
    {
        var truth = ImmutableDictionary.CreateBuilder<string, bool>();
        foreach (var (label, holds) in pairs) truth[label] = holds;
        return truth.ToImmutable();
    }

    private static ConfigurationException Wrong(string path, int line, int column, string found, string expected) =>
        new([$"{path}, line {line}, column {column}: \"{found}\"; expected {expected}"]);
}
