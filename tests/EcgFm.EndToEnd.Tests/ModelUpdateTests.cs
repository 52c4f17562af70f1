using System.Text.Json.Nodes;
using EcgFm.Testing;

namespace EcgFm.EndToEnd.Tests;

/// <summary>A network is replaced in a daemon that is at work, with the commands that an administrator uses.</summary>
public sealed class ModelUpdateTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ecgfm-update-");
    private MosquittoBroker _broker = null!;

    private string Configuration => Path.Combine(_folder.FullName, "edge.json");

    public async Task InitializeAsync()
    {
        _broker = await MosquittoBroker.StartAsync();
        // Ten times real time: a window every second.
        await File.WriteAllTextAsync(Configuration, $$"""
            {
              "site": "ward", "device": "box", "stateDirectory": "{{_folder.FullName}}/state",
              "mqtt": { "url": "mqtt://{{_broker.Host}}:{{_broker.Port}}" },
              "beds": [ { "name": "bed-1", "source": { "type": "simulator", "script": "sinus:30s,af:60s,repeat", "speed": "10" } } ]
            }
            """);
    }

    public async Task DisposeAsync()
    {
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

    [Fact]
    public async Task Install_and_rollback_under_a_live_source_lose_no_window()
    {
        await using var station = await Station.OpenAsync(_broker);
        await using var daemon = EdgeProcess.Start("run", "--config", Configuration);
        var windows = new List<(int Window, string Model, int Skipped)>();
        await UntilModelAsync("1");

        var (code, output, errors) = await EdgeProcess.RunAsync("model", "install", MakePackage("2"), "--config", Configuration);
        Assert.True(code == 0, errors);
        Assert.Contains("passed its self-test", Assert.Single(output), StringComparison.Ordinal);
        await UntilModelAsync("2");

        // A damaged package is refused by the command, and the daemon never hears of it.
        var damaged = MakePackage("3");
        await File.AppendAllTextAsync(Path.Combine(damaged, "network.onnx"), "x");
        (code, _, errors) = await EdgeProcess.RunAsync("model", "install", damaged, "--config", Configuration);
        Assert.Equal(1, code);
        Assert.Contains("changed or damaged", errors, StringComparison.Ordinal);

        (code, output, _) = await EdgeProcess.RunAsync("model", "rollback", "--config", Configuration);
        Assert.Equal((0, "ecgfm-nano 1 int8 is in use from now on."), (code, Assert.Single(output)));
        await UntilModelAsync("1");

        // The station heard each window, in order, from the one that had the first network to the last.
        Assert.Equal(Enumerable.Range(windows[0].Window, windows.Count), windows.Select(window => window.Window));
        Assert.Matches("^1+2+1+$", string.Concat(windows.Select(window => window.Model)));
        Assert.All(windows, window => Assert.Equal(windows[0].Skipped, window.Skipped));

        async Task UntilModelAsync(string version)
        {
            do
            {
                var json = (await station.NextAsync("/bed-1/interpretation")).Json;
                windows.Add((json.GetProperty("window").GetInt32(), json.GetProperty("model").GetProperty("version").GetString()!, json.GetProperty("skippedWindows").GetInt32()));
            }
            while (windows[^1].Model != version);
        }
    }
}
