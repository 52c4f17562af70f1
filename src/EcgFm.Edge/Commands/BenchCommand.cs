using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using EcgFm.Edge.Beds;
using EcgFm.Model.Inference;

namespace EcgFm.Edge.Commands;

/// <summary><c>bench beds</c>: how many beds this box carries.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var model = CommonOptions.Model();
        var beds = CommonOptions.Integer("--beds", "The most beds to try.", 1, 4096, 16);
        var from = CommonOptions.Integer("--from", "How many beds to begin with; the number doubles from there.", 1, 4096, 1);
        var seconds = CommonOptions.Number("--seconds", "How long to watch each number of beds, after a first window.", "S", 10, 3600, 30);
        var threads = CommonOptions.Integer("--threads", "Threads of one run; 0: one per core.", 0, 1024, 1);
        var provider = new Option<ExecutionProvider>("--provider") { Description = "What runs the network: auto, cpu, cuda, tensorrt or webgpu.", HelpName = "P" };
        var json = new Option<bool>("--json") { Description = "One JSON object per number of beds on standard output." };
        var command = new Command("beds", "Watch more and more beds of twelve leads in real time, whose windows are all due at the same moment, and say how late their interpretations are.") { model, beds, from, seconds, threads, provider, json };
        command.SetAction((parsed, stop) => Guard.RunAsync(async () =>
        {
            using var network = EcgModel.Load(parsed.GetRequiredValue(model), new() { Threads = parsed.GetValue(threads), Provider = parsed.GetValue(provider), Warning = text => Console.Error.WriteLine($"ecgfm-edge: {text}") });
            var bench = new BedsBenchmark(network, TimeSpan.FromSeconds(parsed.GetValue(seconds)));
            if (!parsed.GetValue(json))
                await Console.Out.WriteLineAsync($"{network.Identity.Name} {network.Identity.Version} {network.Identity.Precision} on {network.Provider}, {Environment.ProcessorCount} cores; latency from the last sample of a window to its interpretation").ConfigureAwait(false);
            BedsFigures? carried = null;
            foreach (var count in Counts(parsed.GetValue(from), parsed.GetValue(beds)))
            {
                var figures = await bench.RunAsync(count, stop).ConfigureAwait(false);
                await Console.Out.WriteLineAsync(parsed.GetValue(json) ? Json(figures) : Line(figures)).ConfigureAwait(false);
                if (!figures.Carried) break;
                carried = figures;
            }

            if (!parsed.GetValue(json))
                await Console.Out.WriteLineAsync(carried is null ? "this box does not carry one bed" : string.Create(CultureInfo.InvariantCulture, $"{carried.Beds} beds are carried, each with every window in time; by processor time this box would carry about {carried.BedsByProcessor}")).ConfigureAwait(false);
        }, stop, interrupted: ExitCode.Failed));
        return new("bench", "Measure this box.") { command };
    }

    private static IEnumerable<int> Counts(int first, int most)
    {
        for (var count = first; count < most; count *= 2) yield return count;
        yield return most;
    }

    private static string Line(BedsFigures figures) => string.Create(
        CultureInfo.InvariantCulture,
        $"{figures.Beds,4} beds: median {figures.Median.TotalMilliseconds,7:f0} ms, 95 % within {figures.Percentile95.TotalMilliseconds,7:f0} ms, at most {figures.Longest.TotalMilliseconds,7:f0} ms; {figures.Windows} windows, {figures.Skipped} skipped, {figures.Missing} missing; {figures.CpuPercent:f0} % of one core, {figures.MemoryMebibytes:f0} MiB");

    private static string Json(BedsFigures figures) => JsonSerializer.Serialize(new
    {
        type = "beds",
        beds = figures.Beds,
        medianMs = figures.Median.TotalMilliseconds,
        p95Ms = figures.Percentile95.TotalMilliseconds,
        longestMs = figures.Longest.TotalMilliseconds,
        windows = figures.Windows,
        skipped = figures.Skipped,
        missing = figures.Missing,
        cpuPercent = figures.CpuPercent,
        memoryMiB = figures.MemoryMebibytes,
        carried = figures.Carried,
    });
}
