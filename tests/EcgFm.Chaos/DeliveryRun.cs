using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using EcgFm.Testing;

namespace EcgFm.Chaos;

/// <summary>Alerts flow from a real daemon through a real broker to a real subscriber while all that can go away does.</summary>
internal sealed partial class DeliveryRun : IAsyncDisposable
{
    private const int Kill = 9, Terminate = 15;
    private const int Beds = 4;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ecgfm-chaos-");
    private readonly List<AlertStep> _announced = [];
    private readonly Random _random;
    private readonly Action<string> _say;
    private MosquittoBroker _broker = null!;
    private TcpProxy _line = null!;
    private PersistentStation _station = null!;
    private EdgeProcess? _daemon;

    private DeliveryRun(int seed, Action<string> say) => (_random, _say) = (new Random(seed), say);

    /// <summary>Breaks things and counts.</summary>
    public static async Task<DeliveryReport> RunAsync(DeliveryOptions options, Action<string> say)
    {
        await using var run = new DeliveryRun(options.Seed, say);
        return await run.RunAsync(options);
    }

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null) await _daemon.DisposeAsync();
        if (_station is not null) await _station.DisposeAsync();
        if (_line is not null) await _line.DisposeAsync();
        if (_broker is not null) await _broker.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task<DeliveryReport> RunAsync(DeliveryOptions options)
    {
        var watch = Stopwatch.StartNew();
        _broker = await MosquittoBroker.StartAsync(new MosquittoBrokerOptions { Persistence = true, Lines = ["max_queued_messages 0"] });
        _line = await TcpProxy.StartAsync(_broker.Port);
        _station = await PersistentStation.StartAsync(_broker);
        Start();
        await _daemon!.ErrorAsync("Alert ");

        // What goes away, in an order that chance makes.
        var (cuts, silences) = (options.Kills / 3, options.Kills / 3);
        Func<Task>[] events =
        [
            .. Enumerable.Repeat(KillBrokerAsync, options.Kills),
            .. Enumerable.Repeat(KillDaemonAsync, options.Kills),
            .. Enumerable.Repeat(CutLineAsync, cuts),
            .. Enumerable.Repeat(SilenceLineAsync, silences),
        ];
        _random.Shuffle(events);
        foreach (var (number, happen) in events.Index())
        {
            await PauseAsync(0.2, 3);
            await happen();
            if ((number + 1) % 10 == 0) _say($"{number + 1} of {events.Length}, {_station.Arrived.Count} steps have arrived");
        }

        // Time to say something after the last blow. Then the daemon ends, and one that starts after it delivers whatever waits.
        await PauseAsync(3, 3);
        await StopDaemonAsync(Terminate);
        Start();
        var patience = Stopwatch.StartNew();
        while (Missing().Count > 0 && patience.Elapsed < TimeSpan.FromMinutes(1)) await PauseAsync(0.2, 0.2);
        return Report(options, cuts, silences, watch.Elapsed);
    }

    private void Start()
    {
        var file = Path.Combine(_folder.FullName, "edge.json");
        File.WriteAllText(file, JsonSerializer.Serialize(new
        {
            site = "ward",
            device = "box",
            stateDirectory = _folder.FullName,
            mqtt = new { url = $"mqtt://127.0.0.1:{_line.Port}", wave = false },
            beds = Enumerable.Range(1, Beds).Select(bed => new { name = $"bed-{bed}", source = new { type = "simulator", script = "sinus:10s,af:10s,repeat", seed = bed, speed = "10" } }),
            // Each window decides: a step or two a second and bed.
            rules = new[] { new { code = "atrial-fibrillation", label = "Atrial fibrillation", secondOpinion = "none", startCount = 1, startWindows = 1, endCount = 1, endWindows = 1 } },
        }));
        _daemon = EdgeProcess.Start("run", "--config", file);
    }

    private async Task KillBrokerAsync()
    {
        await _broker.KillAsync();
        await PauseAsync(0, 1);
        await _broker.StartAgainAsync();
    }

    private async Task KillDaemonAsync()
    {
        await StopDaemonAsync(Kill);
        Start();
        // Now and then the next blow comes while it starts; mostly it comes to say something.
        if (_random.Next(4) > 0) await _daemon!.ErrorAsync("Alert ");
    }

    private Task CutLineAsync()
    {
        _line.Cut();
        return Task.CompletedTask;
    }

    /// <summary>Every third silence is longer than it takes the daemon to notice, 15 s.</summary>
    private async Task SilenceLineAsync()
    {
        _line.FallSilent();
        if (_random.Next(3) == 0) await PauseAsync(16, 20);
        else await PauseAsync(0.5, 3);
        _line.Speak();
    }

    private async Task StopDaemonAsync(int signal)
    {
        _daemon!.Signal(signal);
        await _daemon.ExitAsync();
        await _daemon.DisposeAsync();
        foreach (Match line in Announcement().Matches(_daemon.Errors))
            _announced.Add(new(line.Groups["bed"].Value is "the box" ? "" : line.Groups["bed"].Value, Guid.Parse(line.Groups["id"].Value), int.Parse(line.Groups["step"].Value, CultureInfo.InvariantCulture)));
        _daemon = null;
    }

    private Task PauseAsync(double least, double most) => Task.Delay(TimeSpan.FromSeconds(least + _random.NextDouble() * (most - least)));

    private List<AlertStep> Missing() => [.. _announced.Except(_station.Arrived.Select(arrived => arrived.Step))];

    private DeliveryReport Report(DeliveryOptions options, int cuts, int silences, TimeSpan elapsed)
    {
        var arrived = _station.Arrived;
        var first = arrived.DistinctBy(message => message.Step).Select(message => message.Step).ToList();
        var outOfOrder = _announced.GroupBy(step => step.Bed)
            .Where(bed => !bed.SequenceEqual(first.Where(step => step.Bed == bed.Key).Intersect(bed)))
            .Select(bed => $"{bed.Key} is out of order");
        var different = arrived.GroupBy(message => message.Step).Where(same => same.Select(message => Content(message.Json)).Distinct().Count() > 1).Select(same => $"{same.Key} tells different things");
        return new(options.Seed, elapsed, options.Kills, options.Kills, cuts, silences, _announced.Count, first.Count, arrived.Count - first.Count, [.. Missing().Select(step => step.ToString())], [.. outOfOrder], [.. different]);
    }

    /// <summary>All that a step says but whether it was late.</summary>
    private static string Content(JsonElement json) => string.Join(',', json.EnumerateObject().Where(property => property.Name != "historical").Select(property => property.Value.GetRawText()));

    [GeneratedRegex(@"Alert (?<id>[0-9a-f-]{36}) step (?<step>\d+) of (?<bed>the box|[^:]+):")]
    private static partial Regex Announcement();
}
