using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using EcgFm.Acquisition;
using EcgFm.Acquisition.Emulation;
using EcgFm.Acquisition.Frames;
using EcgFm.Acquisition.Simulation;
using EcgFm.Core;
using EcgFm.Testing;

namespace EcgFm.Chaos;

/// <summary>A front end on a pseudo-terminal, a daemon, a broker and a subscriber, each in its own process but the first and the last, which share a clock.</summary>
internal static class LatencyRun
{
    private static readonly StreamFormat Format = new()
    {
        Channels = StandardLeads.Layout,
        SampleRate = EcgWindow.SampleRate,
        NanovoltsPerCount = [.. Enumerable.Repeat(1000.0, StandardLeads.Count)],
        DeviceName = "latency",
    };

    public static async Task<LatencyReport> RunAsync(int steps, double speed)
    {
        var folder = Directory.CreateTempSubdirectory("ecgfm-latency-");
        try
        {
            await using var broker = await MosquittoBroker.StartAsync();
            await using var station = await PersistentStation.StartAsync(broker);
            using var pty = new Pty();
            await using var daemon = Start(folder.FullName, broker, pty);
            await daemon.ErrorAsync("Connected to the broker");

            // When the front end hands over the last sample of each window.
            var sent = new ConcurrentDictionary<long, long>();
            using var stop = new CancellationTokenSource();
            var sending = Task.Run(() => SendAsync(pty, speed, sent, stop.Token));
            using (var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60 + steps * 2 * 10 / speed)))
                while (station.Arrived.Count(IsOfWindow) < steps) await Task.Delay(100, patience.Token);
            await stop.CancelAsync();
            await sending;

            var measured = station.Arrived.Where(IsOfWindow).DistinctBy(arrived => arrived.Step).Take(steps).ToList();
            return new(
                [.. measured.Select(arrived => Stopwatch.GetElapsedTime(sent[Evidence(arrived.Json).GetProperty("window").GetInt64()], arrived.Arrived).TotalMilliseconds)],
                [.. measured.Select(arrived => Evidence(arrived.Json).GetProperty("inferenceMilliseconds").GetDouble())]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>A step that a window decided at once; a window with losses would be another than the one that was sent.</summary>
    private static bool IsOfWindow((AlertStep Step, JsonElement Json, long Arrived) arrived) =>
        arrived.Json.GetProperty("state").GetString() is "onset" or "cleared"
        && arrived.Json.TryGetProperty("evidence", out var evidence)
        && evidence.GetProperty("quality").GetProperty("missingSamples").GetInt32() == 0;

    private static JsonElement Evidence(JsonElement json) => json.GetProperty("evidence");

    private static EdgeProcess Start(string folder, MosquittoBroker broker, Pty pty)
    {
        var file = Path.Combine(folder, "edge.json");
        File.WriteAllText(file, JsonSerializer.Serialize(new
        {
            site = "ward",
            device = "box",
            stateDirectory = folder,
            mqtt = new { url = $"mqtt://{broker.Host}:{broker.Port}" },
            beds = new[] { new { name = "bed-1", source = new { type = "device", port = pty.Path } } },
            rules = new[] { new { code = "atrial-fibrillation", label = "Atrial fibrillation", secondOpinion = "none", startCount = 1, startWindows = 1, endCount = 1, endWindows = 1 } },
        }));
        return EdgeProcess.Start("run", "--config", file);
    }

    private static async Task SendAsync(Pty pty, double speed, ConcurrentDictionary<long, long> sent, CancellationToken stop)
    {
        var writer = new FrameWriter(pty.Device, Format);
        var source = new SimulatorSource(RhythmScript.Parse("sinus:10s,af:10s,repeat"), speed: PlaybackSpeed.Times(speed));
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var cancelled = stop.Register(() => end.TrySetResult());
        using var subscription = source.Blocks().Subscribe(
            block =>
            {
                // The last sample of a window is the one before the next window's first.
                var next = (block.FirstSample + block.Length) / EcgWindow.Length;
                if (next > 0) sent.TryAdd(next - 1, Stopwatch.GetTimestamp());
                try
                {
                    writer.WriteAsync(block, stop).AsTask().GetAwaiter().GetResult();
                }
                catch (OperationCanceledException)
                {
                    end.TrySetResult();
                }
            },
            fault => end.TrySetException(fault));
        await end.Task;
    }
}
