using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using EcgFm.Core;
using EcgFm.Model.Checkpoints;
using EcgFm.Model.Conversion;
using EcgFm.Model.Inference;
using EcgFm.Model.Packages;

namespace EcgFm.Model.Benchmarking;

/// <summary>Measures packages on this machine. Runs of the packages and of bare matrix products take turns, so that whatever else the machine does hits all alike.</summary>
public static class ModelBenchmark
{
    private const int SegmentsPerWindow = EcgWindow.Length / NetworkArchitecture.SegmentLength;

    /// <summary>Measures one package, or two against each other.</summary>
    /// <param name="directory">The folder of the package.</param>
    /// <param name="against">The folder of the other package, or null.</param>
    /// <param name="options">How to measure.</param>
    /// <param name="progress">Hears the share that is done.</param>
    /// <param name="cancellation">Ends the measurement early; what was measured until then is reported.</param>
    /// <exception cref="ModelFileException">A package is broken.</exception>
    public static BenchmarkReport Run(string directory, string? against = null, BenchmarkOptions? options = null, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        options ??= new();
        var entries = new List<Entry>();
        try
        {
            foreach (var folder in against is null ? [directory] : new[] { directory, against }) entries.Add(new(folder, options));
            foreach (var entry in entries) entry.Session.Run();
            foreach (var entry in entries) entry.Session.Run(); // the second run finds all buffers in place
            var memory = PeakMemory(); // before the matrix products, which are no part of the packages
            var onProcessor = entries.TrueForAll(e => e.Session.Provider == "CPU");
            using var fp32 = onProcessor ? new MatrixPeak(integers: false, options.Inference) : null;
            using var int8 = onProcessor && entries.Exists(e => e.IsInteger) ? new MatrixPeak(integers: true, options.Inference) : null;
            var onPeaks = TimeSpan.Zero;
            var start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start) < options.Duration && !cancellation.IsCancellationRequested)
            {
                foreach (var entry in entries) entry.Run();
                if (onPeaks < Stopwatch.GetElapsedTime(start) / 5) // a small network is not kept waiting for them
                {
                    var peaks = Stopwatch.GetTimestamp();
                    fp32?.Run();
                    int8?.Run();
                    onPeaks += Stopwatch.GetElapsedTime(peaks);
                }

                progress?.Report(Math.Min(1, Stopwatch.GetElapsedTime(start) / options.Duration));
            }

            foreach (var entry in entries.Where(e => e.Times.Count == 0)) entry.Run();
            return new(Processor(), options.Inference.Threads > 0 ? options.Inference.Threads : Environment.ProcessorCount, options.Batch,
                [.. entries.Select(e => e.Figures(options.Batch, e.IsInteger ? int8?.Best : fp32?.Best))], fp32?.Best, int8?.Best, memory);
        }
        finally
        {
            foreach (var entry in entries) entry.Dispose();
        }
    }

    /// <summary>The most memory that this process ever had, in bytes (VmHWM of /proc/self/status), or null where the system does not tell.</summary>
    public static long? PeakMemory()
    {
        if (!OperatingSystem.IsLinux()) return null;
        var line = File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return line is not null && long.TryParse(line.AsSpan(6).Trim().TrimEnd("kB").Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var kilobytes) ? kilobytes * 1024 : null;
    }

    private static string Processor()
    {
        var line = OperatingSystem.IsLinux() ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }

    private sealed class Entry : IDisposable
    {
        private readonly TimeSpan _load;

        public Entry(string directory, BenchmarkOptions options)
        {
            var start = Stopwatch.GetTimestamp();
            (Package, Session) = NetworkSession.Load(directory, package => SegmentsPerWindow * LeadParts.Most(package.Views), options.Batch, options.Inference);
            _load = Stopwatch.GetElapsedTime(start);
            var size = Session.Input.Length / Session.Batch;
            for (var i = 0; i < Session.Batch; i++) SyntheticSegments.Make(i, Package.Architecture.Leads).CopyTo(Session.Input, i * size);
        }

        public ModelPackage Package { get; }

        public NetworkSession Session { get; }

        public List<TimeSpan> Times { get; } = [];

        public bool IsInteger => Package.Precision is Precision.Int8 or Precision.Int8Qdq;

        public void Run()
        {
            var start = Stopwatch.GetTimestamp();
            Session.Run();
            Times.Add(Stopwatch.GetElapsedTime(start));
        }

        public PackageFigures Figures(int batch, double? peak)
        {
            Times.Sort();
            TimeSpan median = Times[Times.Count / 2] / batch, late = Times[Math.Min(Times.Count - 1, Times.Count * 95 / 100)] / batch;
            var rate = Package.Architecture.FlopPerSegment * SegmentsPerWindow * LeadParts.Most(Package.Views) / median.TotalSeconds / 1e9;
            return new(Package, Session.Provider, new FileInfo(Package.NetworkFile).Length, _load, Times.Count, median, late, rate, rate / peak);
        }

        public void Dispose() => Session.Dispose();
    }
}
