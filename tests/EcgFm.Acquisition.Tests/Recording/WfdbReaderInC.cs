using System.Diagnostics;
using System.Globalization;
using EcgFm.Testing;

namespace EcgFm.Acquisition.Tests.Recording;

/// <summary>A record as the reader in C sees it, which knows nothing of the one here.</summary>
internal sealed record ReadInC(
    string Name, double Rate, long Length, string Time, string Date,
    IReadOnlyList<(double Gain, int Baseline, string Units, string Name)> Signals,
    IReadOnlyList<int?[]> Frames,
    IReadOnlyList<(long Sample, int Code, string Aux)> Annotations);

/// <summary>Compiles the reader in C once and reads records with it.</summary>
public sealed class WfdbReaderInC : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ecgfm-wfdb-reader").FullName;
    private readonly Lazy<string> _program;

    public WfdbReaderInC() => _program = new(Compile);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    internal ReadInC Read(string record)
    {
        Skip.IfNot(Path.Exists("/usr/bin/gcc"), "gcc is not installed: records are not read by the reader in C.");
        var lines = Run(_program.Value, record, "edge").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')).ToLookup(words => words[0]);
        var head = lines["record"].Single();
        return new ReadInC(head[1], Number(head[3]), long.Parse(head[4], CultureInfo.InvariantCulture), head[5], head[6],
            [.. lines["signal"].Select(words => (Number(words[1]), int.Parse(words[2], CultureInfo.InvariantCulture), words[3], words[4]))],
            [.. lines["frame"].Select(words => words[1..].Select(word => word == "-" ? (int?)null : int.Parse(word, CultureInfo.InvariantCulture)).ToArray())],
            [.. lines["annotation"].Select(words => (long.Parse(words[1], CultureInfo.InvariantCulture), int.Parse(words[2], CultureInfo.InvariantCulture), string.Join(' ', words[3..])))]);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private string Compile()
    {
        var program = Path.Combine(_folder, "wfdb_reader");
        var source = Path.Combine(TestData.Repository, "tests", "EcgFm.Acquisition.Tests", "Recording", "wfdb_reader.c");
        Run("/usr/bin/gcc", "-std=c99", "-O1", "-Wall", "-Wextra", "-Werror", "-Wno-format-truncation", source, "-o", program);
        return program;
    }

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{Path.GetFileName(program)} {string.Join(' ', arguments)}: {errors.Result}");
        return output;
    }
}
