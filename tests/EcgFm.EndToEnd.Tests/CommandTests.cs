using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using EcgFm.Acquisition.Simulation;
using EcgFm.Testing;

namespace EcgFm.EndToEnd.Tests;

/// <summary>The commands as a user types them: what they print, what they return.</summary>
public sealed class CommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ecgfm-commands-");

    public void Dispose() => _folder.Delete(recursive: true);

    private string In(string name) => Path.Combine(_folder.FullName, name);

    [Fact]
    public async Task Replay_prints_a_line_for_each_window_and_each_alert()
    {
        SimulatedRecord.Write(In("patient"), RhythmScript.Parse("sinus:60s,af:60s,sinus:60s"));
        var (code, output, errors) = await EdgeProcess.RunAsync("replay", In("patient"), "--json");

        Assert.Equal(0, code);
        var lines = output.Select(line => JsonDocument.Parse(line).RootElement).ToList();
        var windows = lines.Where(line => line.GetProperty("type").GetString() == "interpretation").ToList();
        Assert.Equal(Enumerable.Range(0, 18), windows.Select(line => line.GetProperty("window").GetInt32()));
        Assert.All(windows, line => Assert.Equal(7, line.GetProperty("labels").EnumerateObject().Count()));
        Assert.Equal(["onset", "cleared"], lines.Where(line => line.GetProperty("type").GetString() == "alert").Select(line => line.GetProperty("state").GetString()));
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Replay_of_a_real_half_hour_interprets_every_window()
    {
        var (code, output, _) = await EdgeProcess.RunAsync("replay", TestData.Data("mitdb", "101.hea"), "--speed", "max", "--json");
        Assert.Equal(0, code);
        var windows = output.Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(Enumerable.Range(0, 181), windows.Select(line => line.GetProperty("window").GetInt32()));
        // Sinus rhythm from beginning to end, says its annotation.
        Assert.All(windows, line => Assert.Equal("interpretation", line.GetProperty("type").GetString()));
        Assert.All(windows, line => Assert.Equal(7, line.GetProperty("labels").EnumerateObject().Count()));
    }

    [Fact]
    public async Task Simulate_writes_a_record_with_its_truth()
    {
        var (code, _, errors) = await EdgeProcess.RunAsync("simulate", "--out", In("patient"), "--script", "sinus:10s,af:10s", "--seed", "7", "--rate", "250");
        Assert.Equal(0, code);
        Assert.Contains("20 s of twelve leads", errors, StringComparison.Ordinal);
        var record = Acquisition.Wfdb.WfdbRecord.Open(In("patient"));
        Assert.Equal((250, 5000), (record.SampleRate, record.Length));
        Assert.Equal(["N", "AFIB"], record.ReadAnnotations().Rhythms(record.Length).Select(span => span.Rhythm));
    }

    [Fact]
    public async Task A_replay_that_is_recorded_gives_the_same_record_with_its_alerts()
    {
        SimulatedRecord.Write(In("patient"), RhythmScript.Parse("sinus:60s,af:60s,sinus:60s"), start: new DateTimeOffset(2026, 11, 25, 13, 58, 30, TimeSpan.Zero));
        var (code, _, _) = await EdgeProcess.RunAsync("replay", In("patient"), "--record", In("recordings"));

        Assert.Equal(0, code);
        var records = Directory.GetFiles(In("recordings"), "*.hea").Order(StringComparer.Ordinal).Select(path => Acquisition.Wfdb.WfdbRecord.Open(path)).ToList();
        Assert.Equal(["bed-1_20261125T135830Z", "bed-1_20261125T140000Z"], records.Select(record => record.Name));
        Assert.Equal([45_000, 45_000], records.Select(record => record.Length));
        var original = Acquisition.Wfdb.WfdbRecord.Open(In("patient"));
        Assert.Equal(original.Channels.Names.AsEnumerable(), records[0].Channels.Names);
        var (all, first, second) = (original.ReadAll(), records[0].ReadAll(), records[1].ReadAll());
        for (var lead = 0; lead < 12; lead++)
        {
            Assert.Equal(all.AsSpan(lead * 90_000, 45_000), first.AsSpan(lead * 45_000, 45_000));
            Assert.Equal(all.AsSpan(lead * 90_000 + 45_000, 45_000), second.AsSpan(lead * 45_000, 45_000));
        }

        Assert.Equal(["AFIB"], records[0].ReadAnnotations("edge").Rhythms(records[0].Length).Select(span => span.Rhythm));
        Assert.Equal(["AFIB", "N"], records[1].ReadAnnotations("edge").Rhythms(records[1].Length).Select(span => span.Rhythm));
    }

    [Fact]
    public async Task A_recording_that_is_killed_is_a_valid_record_and_goes_on_in_a_new_one()
    {
        SimulatedRecord.Write(In("truth"), RhythmScript.Parse("sinus:600s"), seed: 3, sampleRate: 250);
        var truth = Acquisition.Wfdb.WfdbRecord.Open(In("truth")).ReadAll();
        var (first, second) = (await RecordAndKillAsync([]), "");
        var before = await File.ReadAllBytesAsync(first + ".dat");
        second = await RecordAndKillAsync([first]);

        Assert.Equal(before, await File.ReadAllBytesAsync(first + ".dat"));
        foreach (var path in new[] { first, second })
        {
            var record = Acquisition.Wfdb.WfdbRecord.Open(path);
            var samples = record.ReadAll();
            Assert.InRange(record.Length, 5000, 150_000);
            for (var lead = 0; lead < 12; lead++)
                Assert.Equal(truth.AsSpan(lead * 150_000, (int)record.Length), samples.AsSpan(lead * (int)record.Length, (int)record.Length));
        }

        async Task<string> RecordAndKillAsync(string[] others)
        {
            await using var edge = EdgeProcess.Start("simulate", "--script", "sinus:600s", "--seed", "3", "--rate", "250", "--speed", "20", "--record", In("killed"));
            string? path = null;
            await AsyncWait.UntilAsync(() =>
            {
                if (!Directory.Exists(In("killed"))) return false;
                path = Directory.GetFiles(In("killed"), "*.dat").Select(file => file[..^4]).Except(others).SingleOrDefault();
                return path is not null && new FileInfo(path + ".dat").Length > 5000 * 24;
            });
            edge.Signal(9);
            await edge.ExitAsync();
            return path!;
        }
    }

    [Fact]
    public async Task Simulate_interprets_when_no_record_is_asked_for()
    {
        var (code, output, _) = await EdgeProcess.RunAsync("simulate", "--script", "af:60s");
        Assert.Equal(0, code);
        Assert.Contains(output, line => line.Contains("ALERT onset: Atrial fibrillation", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_demonstration_shows_the_alert_as_the_broker_gave_it_back_and_ends_on_interrupt()
    {
        await using var demo = EdgeProcess.Start("demo", "--speed", "20", "--seconds", "60");
        await demo.OutputAsync("research software, not a medical device");
        await demo.OutputAsync("ALERT onset: Atrial fibrillation");
        await demo.OutputAsync("ALERT cleared: Atrial fibrillation");
        demo.Signal(2);
        Assert.Equal(0, await demo.ExitAsync());
        Assert.DoesNotContain("   at ", demo.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_demonstration_serves_the_page_and_a_broker_to_browsers_of_this_machine_alone()
    {
        await using var demo = EdgeProcess.Start("demo", "--seconds", "60");
        var page = new Uri((await demo.OutputAsync("in a browser: ")).Split("in a browser: ")[1]);
        using var browser = new HttpClient { BaseAddress = page };
        Assert.Contains("<title>", await browser.GetStringAsync("/"), StringComparison.Ordinal);
        using var configuration = JsonDocument.Parse(await browser.GetStringAsync("/config.json"));
        Assert.Equal("ecgfm/v1", configuration.RootElement.GetProperty("root").GetString());
        var broker = new Uri(configuration.RootElement.GetProperty("broker").GetString()!);

        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("mqtt");
        await socket.ConnectAsync(broker, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal("mqtt", socket.SubProtocol);
        var listeners = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners();
        foreach (var port in new[] { page.Port, broker.Port }) Assert.All(listeners.Where(listener => listener.Port == port), listener => Assert.True(IPAddress.IsLoopback(listener.Address), $"{listener}"));
    }

    [Fact]
    public async Task The_demonstration_raises_one_alert_of_fibrillation_in_its_part_of_the_story()
    {
        var (code, output, _) = await EdgeProcess.RunAsync("demo", "--speed", "10");
        Assert.Equal(0, code);
        // Forty seconds of sinus rhythm, eighty of atrial fibrillation, eighty of sinus rhythm. Lines have the patient's time: a slow machine skips windows.
        var begin = Time(output.First(line => line.Contains("/min", StringComparison.Ordinal)), "");
        var onset = Time(Assert.Single(output, line => line.Contains("ALERT onset: Atrial fibrillation", StringComparison.Ordinal)), "since ");
        Assert.InRange((onset - begin + TimeSpan.FromDays(1)).TotalSeconds % 86_400, 20, 120);

        static TimeSpan Time(string line, string before) =>
            TimeSpan.Parse(Regex.Match(line, before + @"(\d\d:\d\d:\d\d)").Groups[1].Value, CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task The_demonstration_ends_after_its_seconds()
    {
        await using var demo = EdgeProcess.Start("demo", "--seconds", "2");
        await demo.OutputAsync("research software");
        Assert.Equal(0, await demo.ExitAsync());
    }

    [Fact]
    public async Task The_doctor_fails_a_box_that_could_not_monitor_and_says_why()
    {
        await File.WriteAllTextAsync(In("edge.json"), $$"""
            { "site": "s", "device": "d", "stateDirectory": "{{_folder.FullName}}", "mqtt": { "url": "mqtt://127.0.0.1:1" },
              "beds": [ { "name": "bed-1", "source": { "type": "simulator" } } ] }
            """);
        var (code, output, errors) = await EdgeProcess.RunAsync("doctor", "--config", In("edge.json"));
        Assert.Equal((1, ""), (code, errors));
        Assert.Contains(output, line => line.StartsWith("problem  broker        mqtt://127.0.0.1:1: ", StringComparison.Ordinal));
        Assert.Contains(output, line => line.StartsWith("ok       model         ecgfm-nano", StringComparison.Ordinal));

        await using var broker = await MosquittoBroker.StartAsync();
        await File.WriteAllTextAsync(In("edge.json"), (await File.ReadAllTextAsync(In("edge.json"))).Replace("127.0.0.1:1\"", $"127.0.0.1:{broker.Port}\"", StringComparison.Ordinal));
        (code, output, _) = await EdgeProcess.RunAsync("doctor", "--config", In("edge.json"), "--json");
        var report = JsonDocument.Parse(Assert.Single(output)).RootElement;
        Assert.Equal((0, 0), (code, report.GetProperty("problems").GetInt32()));
    }

    [Theory]
    [InlineData(1, "not-there", "replay", "not-there")]
    [InlineData(1, "libmodel", "simulate", "--model", "libmodel")]
    [InlineData(2, "--config is \"none.json\"", "run", "--config", "none.json")]
    [InlineData(2, "--speed is \"fast\"", "replay", "x", "--speed", "fast")]
    [InlineData(2, "--script is \"waltz\"", "simulate", "--script", "waltz")]
    [InlineData(2, "--mqtt is \"http://x\"", "demo", "--mqtt", "http://x")]
    [InlineData(2, "--seconds is \"-1\"", "demo", "--seconds", "-1")]
    [InlineData(2, "--seconds is \"abc\"", "demo", "--seconds", "abc")]
    [InlineData(2, "--rate is \"x\"", "simulate", "--rate", "x")]
    [InlineData(2, "--mqtt is \"mqtt://192.0.2.1\"", "demo", "--mqtt", "mqtt://192.0.2.1")]
    [InlineData(2, "--seconds", "model", "bench", "x", "--seconds", "abc")]
    [InlineData(2, "dance", "dance")]
    public async Task A_wrong_word_is_named_and_no_stack_trace_is_shown(int expected, string named, params string[] arguments)
    {
        var (code, output, errors) = await EdgeProcess.RunAsync(arguments);
        Assert.Contains(named, errors + string.Join('\n', output), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        Assert.Equal(expected, code);
    }

    [Fact]
    public async Task Help_says_what_the_program_is_not()
    {
        var (code, output, _) = await EdgeProcess.RunAsync("--help");
        Assert.Equal(0, code);
        var help = string.Join('\n', output);
        foreach (var word in new[] { "not a medical device", "demo", "run", "replay", "simulate", "model", "doctor" }) Assert.Contains(word, help, StringComparison.Ordinal);
    }
}
