using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using EcgFm.Model.Benchmarking;
using EcgFm.Model.Inference;

namespace EcgFm.Edge.Commands;

/// <summary><c>model bench</c>: how fast a package is on this machine.</summary>
internal static class ModelBenchCommand
{
    public static Command Create()
    {
        var package = new Argument<string>("DIR") { Description = "The folder of a model package." };
        var against = new Option<string?>("--against") { Description = "Another package, measured in turn with the first.", HelpName = "DIR" };
        var batch = CommonOptions.Integer("--batch", "Windows of ten seconds in one run.", 1, 64, 1);
        var threads = CommonOptions.Integer("--threads", "Threads of one run; 0: one per core.", 0, 1024, 0);
        var seconds = CommonOptions.Number("--seconds", "How long to measure.", "S", 0.1, 3600, 20);
        var provider = new Option<ExecutionProvider>("--provider") { Description = "What runs the network: auto, cpu, cuda, tensorrt or webgpu.", HelpName = "P" };
        var json = new Option<bool>("--json") { Description = "One JSON object on standard output." };
        var command = new Command("bench", "Measure speed, load time and memory of a package; two packages in alternating runs.") { package, against, batch, threads, seconds, provider, json };
        command.SetAction((parsed, stop) => Guard.RunAsync(async () =>
        {
            var warnings = new List<string>();
            var options = new BenchmarkOptions
            {
                Batch = parsed.GetValue(batch),
                Duration = TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                Inference = new() { Provider = parsed.GetValue(provider), Threads = parsed.GetValue(threads), Spinning = true, SelfTest = false, Warning = warnings.Add },
            };
            var report = await StageProgress.RunAsync("Measuring", progress => ModelBenchmark.Run(parsed.GetRequiredValue(package), parsed.GetValue(against), options, progress, stop)).ConfigureAwait(false);
            foreach (var warning in warnings) await Console.Error.WriteLineAsync($"ecgfm-edge: {warning}").ConfigureAwait(false);
            if (parsed.GetValue(json)) await Console.Out.WriteLineAsync(Json(report)).ConfigureAwait(false);
            else
                foreach (var line in Lines(report))
                    await Console.Out.WriteLineAsync(line).ConfigureAwait(false);
        }, stop, interrupted: ExitCode.Failed));
        return command;
    }

    private static IEnumerable<string> Lines(BenchmarkReport report)
    {
        yield return Text($"{report.Processor}, {report.Threads} threads, {report.Batch} window(s) a run");
        foreach (var figures in report.Figures)
            yield return Text($"{figures.Package.Identity.Name} {figures.Package.Identity.Precision} on {figures.Provider}: median {figures.Median.TotalMilliseconds:f2} ms a window, 95 % within {figures.Percentile95.TotalMilliseconds:f2} ms ({figures.Runs} runs), {figures.GigaFlops:f0} GFLOP/s{(figures.PeakShare is { } share ? Text($", {share:p0} of the peak of matrix products") : "")}; loaded in {figures.Load.TotalSeconds:f2} s; file {figures.FileBytes / 1e6:f1} MB");
        if (report.PeakFp32 is { } fp32) yield return Text($"peak of matrix products: fp32 {fp32:f0}{(report.PeakInt8 is { } int8 ? Text($", u8 × s8 {int8:f0}") : "")} GFLOP/s");
        if (report.PeakMemory is { } memory) yield return Text($"peak memory of the process{(report.Figures.Count > 1 ? " (both packages)" : "")}: {memory / 1e6:f0} MB");
        if (report.Ratio is { } ratio) yield return Text($"ratio: {ratio:f2} times as fast");
    }

    private static string Json(BenchmarkReport report)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory))
        {
            json.WriteStartObject();
            json.WriteString("type", "bench");
            json.WriteString("processor", report.Processor);
            json.WriteNumber("threads", report.Threads);
            json.WriteNumber("batch", report.Batch);
            json.WriteStartArray("packages");
            foreach (var figures in report.Figures)
            {
                json.WriteStartObject();
                json.WriteString("name", figures.Package.Identity.Name);
                json.WriteString("precision", figures.Package.Identity.Precision);
                json.WriteString("sha256", figures.Package.Identity.Sha256);
                json.WriteString("provider", figures.Provider);
                json.WriteNumber("fileBytes", figures.FileBytes);
                json.WriteNumber("loadMs", figures.Load.TotalMilliseconds);
                json.WriteNumber("runs", figures.Runs);
                json.WriteNumber("medianMs", figures.Median.TotalMilliseconds);
                json.WriteNumber("p95Ms", figures.Percentile95.TotalMilliseconds);
                json.WriteNumber("gflops", figures.GigaFlops);
                if (figures.PeakShare is { } share) json.WriteNumber("peakShare", share);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            if (report.PeakFp32 is { } fp32) json.WriteNumber("peakFp32Gflops", fp32);
            if (report.PeakInt8 is { } int8) json.WriteNumber("peakInt8Gops", int8);
            if (report.PeakMemory is { } bytes) json.WriteNumber("peakMemoryBytes", bytes);
            if (report.Ratio is { } ratio) json.WriteNumber("ratio", ratio);
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(memory.GetBuffer().AsSpan(0, (int)memory.Length));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
