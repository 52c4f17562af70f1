using System.Diagnostics;
using System.Globalization;
using EcgFm.Core;
using EcgFm.Edge.Configuration;
using EcgFm.Edge.Models;
using EcgFm.Model;
using Microsoft.ML.OnnxRuntime;

namespace EcgFm.Edge.Doctor;

/// <summary>The network: its checksums, its self-test on this very device, its provider, and its time for one window.</summary>
/// <param name="configuration">The configuration.</param>
/// <param name="box">The box.</param>
internal sealed class ModelCheck(EdgeConfiguration configuration, BoxFiles box) : Check("model")
{
    private const int Runs = 5;

    protected override IEnumerable<Finding> Look()
    {
        var folder = configuration.Store?.Current ?? configuration.ModelPath;
        var warnings = new List<string>();
        var findings = new List<Finding>();
        try
        {
            using var model = ModelLoading.Load(folder, configuration, warnings.Add);
            var time = Median(model.Interpret);
            var identity = model.Identity;
            findings.Add(Ok(string.Create(CultureInfo.InvariantCulture, $"{identity.Name} {identity.Version} {identity.Precision} in {folder}: checksums right, self-test passed on {model.Provider}, loaded in {model.LoadTime.TotalSeconds:f2} s, {time.TotalMilliseconds:f1} ms a window")));
            var busy = time * configuration.Beds.Sum(bed => 1 / bed.Hop.TotalSeconds) / TimeSpan.FromSeconds(1);
            if (busy > 0.8)
                findings.Add(Warning(string.Create(CultureInfo.InvariantCulture, $"the beds would keep the network busy {busy:p0} of the time: windows will be skipped"), "ecgfm-edge model bench DIR --against OTHER, to choose a faster precision, or a longer hopSeconds"));
            if (model.Provider == "CPU" && HasGpu) findings.Add(Warning("this box has a GPU, and the network runs on the processor", "inference:provider and inference:library in the configuration choose otherwise, where it is worth it"));
        }
        catch (Exception fault) when (fault is ModelFileException or OnnxRuntimeException)
        {
            findings.Add(Problem($"no network can be used: {fault.Message}", configuration.Store is null ? $"ecgfm-edge model info {folder}" : "sudo ecgfm-edge model rollback"));
        }
        catch (Exception fault) when (fault is TypeInitializationException or DllNotFoundException)
        {
            // What is wrong with the library is said where the libraries are looked at.
            findings.Add(Problem($"no network can be used without ONNX Runtime: {fault.GetBaseException().Message}"));
        }

        return [.. warnings.Select(text => Warning(text)), .. findings];
    }

    private bool HasGpu => box.Entries("/dev").Any(path => path.StartsWith("/dev/nvidia0", StringComparison.Ordinal) || path is "/dev/nvhost-gpu" or "/dev/nvgpu");

    private static TimeSpan Median(Func<AssessedWindow, Interpretation> interpret)
    {
        var samples = new float[StandardLeads.Count * EcgWindow.Length];
        for (var i = 0; i < samples.Length; i++) samples[i] = MathF.Sin(i * 0.05f);
        var window = new AssessedWindow(
            new() { Index = 0, FirstSample = 0, Start = DateTimeOffset.UnixEpoch, Samples = samples, Missing = [.. new int[StandardLeads.Count]] },
            new([.. new QualityIssue[StandardLeads.Count]], Usable: true),
            null);
        _ = interpret(window);
        var times = new List<TimeSpan>();
        for (var run = 0; run < Runs; run++)
        {
            var start = Stopwatch.GetTimestamp();
            _ = interpret(window);
            times.Add(Stopwatch.GetElapsedTime(start));
        }

        times.Sort();
        return times[Runs / 2];
    }
}
