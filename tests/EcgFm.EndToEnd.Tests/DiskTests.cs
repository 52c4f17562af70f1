using System.Text.Json;
using EcgFm.Testing;

namespace EcgFm.EndToEnd.Tests;

/// <summary>The daemon with a disk that has gone bad: monitoring goes on, and alerts arrive.</summary>
public sealed class DiskTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ecgfm-disk-");
    private MosquittoBroker _broker = null!;

    private string State => Path.Combine(_folder.FullName, "state");

    public async Task InitializeAsync() => _broker = await MosquittoBroker.StartAsync();

    public async Task DisposeAsync()
    {
        await _broker.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private EdgeProcess StartDaemon()
    {
        var file = Path.Combine(_folder.FullName, "edge.json");
        File.WriteAllText(file, JsonSerializer.Serialize(new
        {
            site = "ward",
            device = "box",
            stateDirectory = State,
            mqtt = new { url = $"mqtt://{_broker.Host}:{_broker.Port}", wave = false },
            beds = new[] { new { name = "bed-1", source = new { type = "simulator", script = "sinus:20s,af", speed = "10" } } },
        }));
        return EdgeProcess.Start("run", "--config", file);
    }

    [Fact]
    public async Task A_damaged_outbox_is_kept_aside_and_alerts_arrive()
    {
        Directory.CreateDirectory(State);
        await File.WriteAllTextAsync(Path.Combine(State, "outbox.db"), new string('x', 8192));
        await using var station = await Station.OpenAsync(_broker);
        await using var daemon = StartDaemon();
        await daemon.ErrorAsync("is damaged");
        Assert.Equal("onset", (await station.NextAsync("/bed-1/alert")).Json.GetProperty("state").GetString());
        Assert.Equal(new string('x', 8192), await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(State, "outbox.db.corrupt-*"))));
        Assert.DoesNotContain("   at ", daemon.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_keeps_nobody_from_being_watched_and_health_says_so()
    {
        // A file stands where the folder should be.
        await File.WriteAllTextAsync(State, "");
        await using var station = await Station.OpenAsync(_broker);
        await using var daemon = StartDaemon();
        await daemon.ErrorAsync("takes nothing");
        Assert.NotEmpty((await station.NextAsync("/health")).Json.GetProperty("storageFault").GetString()!);
        Assert.Equal("onset", (await station.NextAsync("/bed-1/alert")).Json.GetProperty("state").GetString());
        daemon.Signal(15);
        Assert.Equal(0, await daemon.ExitAsync());
    }

    [SkippableFact]
    public async Task A_disk_that_fills_up_keeps_no_alert_back()
    {
        Directory.CreateDirectory(State);
        using var disk = SmallDisk.Mount(State, megabytes: 1);
        await using var station = await Station.OpenAsync(_broker);
        await using var daemon = StartDaemon();
        await daemon.ErrorAsync("Connected to the broker");
        disk.Fill();
        await daemon.ErrorAsync("takes nothing");
        Assert.Equal("onset", (await station.NextAsync("/bed-1/alert")).Json.GetProperty("state").GetString());
        disk.Free();
        await daemon.ErrorAsync("takes messages again");
        Assert.DoesNotContain("   at ", daemon.Errors, StringComparison.Ordinal);
    }
}
