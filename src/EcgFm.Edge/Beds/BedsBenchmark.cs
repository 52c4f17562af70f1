using System.Reactive.Concurrency;
using EcgFm.Core;
using EcgFm.Edge.Health;
using EcgFm.Model.Inference;
using EcgFm.Telemetry;

namespace EcgFm.Edge.Beds;

/// <summary>Watches a number of beds in real time with one network, as the daemon does but for publishing, and measures how late their interpretations are.</summary>
/// <param name="model">The network.</param>
/// <param name="duration">How long, after the first window.</param>
internal sealed class BedsBenchmark(EcgModel model, TimeSpan duration)
{
    private readonly SharedTrace _trace = new();

    public async Task<BedsFigures> RunAsync(int beds, CancellationToken stop)
    {
        using var inference = new EventLoopScheduler(work => new Thread(work) { Name = "inference", IsBackground = true });
        var queue = new InferenceQueue(model, inference);
        var latencies = new List<TimeSpan>();
        var skipped = new long[beds];
        var watched = EcgWindow.Duration + duration;
        var due = beds * (int)(watched / EcgWindow.Duration);
        var meter = new ProcessMeter(TimeProvider.System);
        _trace.Start = DateTimeOffset.UtcNow + TimeSpan.FromSeconds(0.5);

        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        // Windows that are due at the last moment have as long as any other.
        end.CancelAfter(watched + EcgWindow.Duration);
        var monitors = Enumerable.Range(0, beds).Select(Open).ToList();
        try
        {
            await Task.WhenAll(monitors.Select(monitor => monitor.RunAsync(end.Token))).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // Its time is over, or all windows have come.
        }

        var cpu = meter.CpuPercent();
        foreach (var monitor in monitors) monitor.Dispose();
        lock (latencies)
        {
            latencies.Sort();
            TimeSpan Share(double share) => latencies.Count == 0 ? TimeSpan.MaxValue : latencies[(int)Math.Min(latencies.Count - 1, share * latencies.Count)];
            return new(beds, latencies.Count, skipped.Sum(), Math.Max(0, due - latencies.Count - (int)skipped.Sum()), Share(0.5), Share(0.95), Share(1), cpu, ProcessMeter.MemoryMebibytes);
        }

        Monitor Open(int bed)
        {
            var monitor = new Monitor(new() { Bed = $"bed-{bed + 1}", Source = _trace, Finite = false, Inference = queue }, model, new NoTelemetry());
            monitor.Interpretations.Subscribe(interpretation =>
            {
                lock (latencies)
                {
                    latencies.Add(DateTimeOffset.UtcNow - interpretation.Input.Window.Start - EcgWindow.Duration);
                    skipped[bed] = interpretation.SkippedWindows;
                    if (latencies.Count + skipped.Sum() >= due) end.CancelAfter(TimeSpan.Zero);
                }
            });
            return monitor;
        }
    }
}
