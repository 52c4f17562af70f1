using System.Reactive.Linq;
using EcgFm.Acquisition;
using EcgFm.Acquisition.Simulation;
using EcgFm.Acquisition.Wfdb;
using EcgFm.Core;
using EcgFm.Signal;

namespace EcgFm.Edge.Commands;

/// <summary>Windows to calibrate 8-bit networks with, through the same flow as live data.</summary>
internal static class CalibrationWindows
{
    /// <summary>As many as a conversion looks at.</summary>
    private const int Wanted = 48;

    private const string Script = "sinus:20s,af@110:20s,flutter:10s,brady:10s,tachy:10s,sinus+pvc=0.2:20s,bigeminy:10s,vt:10s,svt:10s";

    /// <summary>A few simulated patients, each with other rhythms and leads of their own.</summary>
    public static IReadOnlyList<EcgWindow> Simulated()
    {
        var script = RhythmScript.Parse(Script);
        return [.. Enumerable.Range(1, 4).SelectMany(seed => Windows(new SimulatorSource(script, seed, EcgWindow.SampleRate, PlaybackSpeed.Max), Wanted / 4))];
    }

    /// <summary>Windows spread over the records: some of each, as many as are wanted altogether.</summary>
    /// <param name="paths">Records, and folders of records.</param>
    /// <exception cref="FileNotFoundException">A path is neither a record nor a folder with records.</exception>
    public static IReadOnlyList<EcgWindow> FromRecords(IReadOnlyList<string> paths)
    {
        var records = paths.SelectMany(Records).ToArray();
        var step = Math.Max(1, records.Length / Wanted);
        var chosen = records.Where((_, i) => i % step == 0).Take(Wanted).ToArray();
        var each = Math.Max(1, Wanted / chosen.Length);
        return [.. chosen.SelectMany(record => Windows(new WfdbSource(WfdbRecord.Open(record), PlaybackSpeed.Max), each))];
    }

    private static string[] Records(string path)
    {
        if (!Directory.Exists(path)) return [path];
        var records = Directory.EnumerateFiles(path, "*.hea", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray();
        return records.Length > 0 ? records : throw new FileNotFoundException($"{path} holds no WFDB record (*.hea)");
    }

    private static IEnumerable<EcgWindow> Windows(IEcgSource source, int count) =>
        source.Blocks().ToStandardLeads().Resample(EcgWindow.SampleRate).Windows(finite: true).Take(count).ToEnumerable();
}
