using System.Text.Json;
using System.Text.Json.Nodes;
using EcgFm.Testing;

namespace EcgFm.EndToEnd.Tests;

/// <summary>A network is replaced in a daemon that is at work, with the commands that an administrator uses.</summary>
public sealed class ModelUpdateTests : IAsyncLifetime
{
    /// <summary>In windows.</summary>
    private const int EpisodePeriod = 15;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ecgfm-update-");
    private readonly CancellationTokenSource _end = new();
    private readonly Pty _pty = new();
    private MosquittoBroker _broker = null!;
    private Task _injection = Task.CompletedTask;

    private string Configuration => Path.Combine(_folder.FullName, "edge.json");

    public async Task InitializeAsync()
    {
        _broker = await MosquittoBroker.StartAsync();
        await File.WriteAllTextAsync(Configuration, $$"""
            {
              "site": "ward", "device": "box", "stateDirectory": "{{_folder.FullName}}/state",
              "mqtt": { "url": "mqtt://{{_broker.Host}}:{{_broker.Port}}", "wave": false },
              "beds": [ { "name": "bed-1", "source": { "type": "device", "port": "{{_pty.Path}}" } } ]
            }
            """);
        // Three times real time: a window in some three seconds, for the commands load networks on the same cores; and from sinus rhythm to sinus rhythm in fifteen windows.
        _injection = Task.Run(() => Injector.SendAsync(_pty, "sinus@70:60s,af@95:90s,repeat", _end.Token, speed: 3));
    }

    public async Task DisposeAsync()
    {
        await _end.CancelAsync();
        _pty.Dispose();
        await _injection;
        _end.Dispose();
        await _broker.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private string MakePackage(string version)
    {
        var copy = Directory.CreateDirectory(Path.Combine(_folder.FullName, version)).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "models", "ecgfm-nano"))) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        var manifest = Path.Combine(copy, "manifest.json");
        var json = JsonNode.Parse(File.ReadAllText(manifest))!;
        json["version"] = version;
        File.WriteAllText(manifest, json.ToJsonString());
        return copy;
    }

    /// <summary>A command of the program that must succeed, and its only line.</summary>
    private async Task<string> DoAsync(params string[] arguments)
    {
        var (code, output, errors) = await EdgeProcess.RunAsync([.. arguments, "--config", Configuration]);
        Assert.True(code == 0, errors);
        return Assert.Single(output);
    }

    [Fact]
    public async Task Networks_are_swapped_under_a_live_source_and_no_window_and_no_alert_is_lost()
    {
        await using var station = await Station.OpenAsync(_broker);
        await using var daemon = EdgeProcess.Start("run", "--config", Configuration);
        var windows = new List<(int Window, string Model, int Skipped)>();
        var alerts = new List<JsonElement>();
        var swapsInAlert = 0;
        await UntilModelAsync("1");

        // Forward and back with each command in turn, until alerts have begun, lasted and ended over several swaps.
        var expected = new List<string> { "1" };
        for (var version = 2; version < 6 || swapsInAlert < 2 || Steps("cleared") < 1 || Steps("onset") < 2; version++)
        {
            Assert.Contains("passed its self-test", await DoAsync("model", "install", MakePackage($"{version}")), StringComparison.Ordinal);
            await UntilModelAsync($"{version}");
            Assert.Equal("ecgfm-nano 1 int8 is in use from now on.", await DoAsync("model", "rollback"));
            await UntilModelAsync("1");
            expected.AddRange([$"{version}", "1"]);
        }

        // A damaged package is refused by the command, and the daemon never hears of it.
        var damaged = MakePackage("damaged");
        await File.AppendAllTextAsync(Path.Combine(damaged, "network.onnx"), "x");
        var (code, _, errors) = await EdgeProcess.RunAsync("model", "install", damaged, "--config", Configuration);
        Assert.Equal(1, code);
        Assert.Contains("changed or damaged", errors, StringComparison.Ordinal);
        await HearAsync();

        // Each window once, in order, from the one that had the first network to the last; each network from one window to the next.
        Assert.Equal(Enumerable.Range(windows[0].Window, windows.Count), windows.Select(window => window.Window));
        Assert.All(windows, window => Assert.Equal(windows[0].Skipped, window.Skipped));
        Assert.Equal(expected, Runs(windows.Select(window => window.Model)));
        // Nothing but what the patient had, and each of it from its first step to its last.
        Assert.All(alerts, step => Assert.Equal("atrial-fibrillation", step.GetProperty("code").GetProperty("own").GetString()));
        var onsets = alerts.Where(step => step.GetProperty("state").GetString() == "onset").Select(step => step.GetProperty("evidence").GetProperty("window").GetInt32()).ToList();
        Assert.All(onsets.Zip(onsets.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, EpisodePeriod - 2, EpisodePeriod + 2));
        foreach (var steps in alerts.GroupBy(step => step.GetProperty("id").GetGuid()))
        {
            Assert.Equal(Enumerable.Range(1, steps.Count()), steps.Select(step => step.GetProperty("sequence").GetInt32()));
            Assert.Matches("^(onset|onset,cleared)$", string.Join(',', steps.Select(step => step.GetProperty("state").GetString())));
        }

        int Steps(string state) => alerts.Count(step => step.GetProperty("state").GetString() == state);

        async Task UntilModelAsync(string version)
        {
            do await HearAsync();
            while (windows[^1].Model != version);
            if (Steps("onset") > Steps("cleared")) swapsInAlert++;
        }

        // The next interpretation, and what alerts came before it.
        async Task HearAsync()
        {
            while (true)
            {
                var (topic, json) = await station.NextOfAsync("/interpretation", "/alert");
                if (topic.EndsWith("/alert", StringComparison.Ordinal))
                {
                    alerts.Add(json);
                    continue;
                }

                windows.Add((json.GetProperty("window").GetInt32(), json.GetProperty("model").GetProperty("version").GetString()!, json.GetProperty("skippedWindows").GetInt32()));
                return;
            }
        }
    }

    /// <summary>Each run of equal versions once.</summary>
    private static IEnumerable<string> Runs(IEnumerable<string> versions)
    {
        string? before = null;
        foreach (var version in versions)
        {
            if (version != before) yield return version;
            before = version;
        }
    }
}
