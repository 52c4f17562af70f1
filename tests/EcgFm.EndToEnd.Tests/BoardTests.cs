using System.Text.Json;
using EcgFm.Testing;

namespace EcgFm.EndToEnd.Tests;

/// <summary>An emulated board, the daemon that talks to it, and its bytes once more: three processes, as a user runs them.</summary>
public sealed class BoardTests : IAsyncLifetime
{
    private const int Terminate = 15;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ecgfm-board-");
    private MosquittoBroker _broker = null!;

    public async Task InitializeAsync() => _broker = await MosquittoBroker.StartAsync();

    public async Task DisposeAsync()
    {
        await _broker.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_board_becomes_interpretations_and_its_bytes_can_be_replayed()
    {
        var (port, raw) = (Path.Combine(_folder.FullName, "board"), Path.Combine(_folder.FullName, "raw"));
        await using var board = EdgeProcess.Start("emulate", "openbci-cyton", "--port", port, "--script", "sinus");
        Assert.Contains($"OpenBCI Cyton on {port} (/dev/pts/", await board.ErrorAsync("OpenBCI Cyton"), StringComparison.Ordinal);
        var file = Path.Combine(_folder.FullName, "edge.json");
        await File.WriteAllTextAsync(file, $$"""
            {
              "site": "ward", "device": "box", "stateDirectory": "{{_folder.FullName}}",
              "mqtt": { "url": "mqtt://{{_broker.Host}}:{{_broker.Port}}" },
              "beds": [ { "name": "bed-1", "source": { "type": "device", "profile": "openbci-cyton", "port": "{{port}}" } } ]
            }
            """);
        await using var station = await Station.OpenAsync(_broker);
        await using (var daemon = EdgeProcess.Start("run", "--config", file, "--record-raw", raw))
        {
            var window = await station.NextAsync("ecgfm/v1/ward/box/bed-1/interpretation", IsWhole);
            Assert.True(window.GetProperty("labels").GetProperty("Sinus rhythm").GetSingle() > 0.5);
            daemon.Signal(Terminate);
            Assert.Equal(0, await daemon.ExitAsync());
        }

        var recorded = Assert.Single(Directory.GetFiles(raw));
        var (code, output, errors) = await EdgeProcess.RunAsync("replay", recorded, "--json");

        Assert.True(code == 0, errors);
        var again = output.Select(line => JsonDocument.Parse(line).RootElement).First(line => line.GetProperty("type").GetString() == "interpretation" && IsWhole(line));
        Assert.True(again.GetProperty("labels").GetProperty("Sinus rhythm").GetSingle() > 0.5);

        board.Signal(Terminate);
        Assert.Equal(0, await board.ExitAsync());
        Assert.False(File.Exists(port));

        // The emulator drops what a full terminal does not take: where the daemon was kept from reading, a window is not whole.
        static bool IsWhole(JsonElement window) => window.GetProperty("quality").GetProperty("missingSamples").GetInt32() == 0;
    }

    [Fact]
    public async Task Devices_lists_the_profiles()
    {
        var (code, output, _) = await EdgeProcess.RunAsync("devices");

        Assert.Equal(0, code);
        Assert.Contains(output, line => line.Contains("openbci-cyton ", StringComparison.Ordinal) && line.EndsWith("OpenBCI Cyton, serial, 115200 baud", StringComparison.Ordinal));
        Assert.Contains("Serial ports", output);
    }

    [Fact]
    public async Task A_profile_that_is_wrong_is_refused_as_wrong_usage()
    {
        var file = Path.Combine(_folder.FullName, "mine.json");
        await File.WriteAllTextAsync(file, "{ \"title\": \"x\", \"transport\": { \"kind\": \"tcp\" }, \"framing\": { \"kind\": \"ecgfm\" }, \"rate\": 5 }");

        var (code, _, errors) = await EdgeProcess.RunAsync("emulate", file);

        Assert.Equal(2, code);
        Assert.StartsWith($"ecgfm-edge: {file}: rate is unknown; allowed here is ", errors, StringComparison.Ordinal);
    }
}
