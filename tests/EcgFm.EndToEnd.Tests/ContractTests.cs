using System.Buffers;
using System.Text.Json;
using System.Threading.Channels;
using EcgFm.Testing;
using MQTTnet;
using MQTTnet.Protocol;

namespace EcgFm.EndToEnd.Tests;

/// <summary>Everything that a daemon says in an end-to-end run is as device/mqtt promises.</summary>
public sealed class ContractTests : IDisposable
{
    private const string Root = "ecgfm/v1", Bed = "ecgfm/v1/ward/box/bed-1";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ecgfm-contract-");
    private readonly Channel<MqttApplicationMessage> _messages = System.Threading.Channels.Channel.CreateUnbounded<MqttApplicationMessage>();
    private readonly List<Said> _all = [];
    private readonly Contract _contract = new();

    /// <summary>A message that was as the contract says.</summary>
    private sealed record Said(string Channel, JsonElement Json, MqttApplicationMessage Message);

    public void Dispose() => _folder.Delete(recursive: true);

    private EdgeProcess StartDaemon(int port, object source)
    {
        var file = Path.Combine(_folder.FullName, "edge.json");
        File.WriteAllText(file, JsonSerializer.Serialize(new
        {
            site = "ward",
            device = "box",
            stateDirectory = _folder.FullName,
            mqtt = new { url = $"mqtt://127.0.0.1:{port}" },
            beds = new[] { new { name = "bed-1", source } },
        }));
        return EdgeProcess.Start("run", "--config", file);
    }

    private async Task<IMqttClient> ListenAsync(MosquittoBroker broker)
    {
        var client = new MqttClientFactory().CreateMqttClient();
        client.ApplicationMessageReceivedAsync += received =>
        {
            _messages.Writer.TryWrite(received.ApplicationMessage);
            return Task.CompletedTask;
        };
        await client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer(broker.Host, broker.Port).Build()).WaitAsync(Patience);
        await client.SubscribeAsync(new MqttClientSubscribeOptionsBuilder().WithTopicFilter("#", MqttQualityOfServiceLevel.ExactlyOnce, noLocal: true, retainAsPublished: true).Build()).WaitAsync(Patience);
        return client;
    }

    /// <summary>Checks each message that comes, until one is the one that is waited for; it may have come already while another was waited for.</summary>
    private async Task<JsonElement> UntilAsync(string channel, Func<JsonElement, bool> which) => (await UntilAsync(said => said.Channel == channel && which(said.Json))).Json;

    private async Task<Said> UntilAsync(Func<Said, bool> which)
    {
        if (_all.Find(known => which(known)) is { } before) return before;
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var message = await _messages.Reader.ReadAsync(patience.Token);
            var found = _contract.Check(message, Root);
            Assert.Equal((found.Quality, found.Retain), (message.QualityOfServiceLevel, message.Retain));
            _all.Add(new(found.Name, found.Schema is null ? default : JsonDocument.Parse(message.Payload.ToArray()).RootElement, message));
            if (which(_all[^1])) return _all[^1];
        }
    }

    private async Task<JsonElement> AskAsync(IMqttClient client, string json, string topic = $"{Bed}/command", bool valid = true)
    {
        if (valid) _contract.Check("command", json);
        await client.PublishStringAsync(topic, json, MqttQualityOfServiceLevel.AtLeastOnce);
        var channel = topic == $"{Bed}/command" ? "answer" : "boxAnswer";
        var before = _all.Count(known => known.Channel == channel);
        return await UntilAsync(channel, _ => _all.Count(known => known.Channel == channel) > before);
    }

    [Fact]
    public async Task Every_message_of_a_run_from_onset_to_clear_is_as_the_contract_says()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        using var client = await ListenAsync(broker);
        await using var daemon = StartDaemon(broker.Port, new { type = "simulator", script = "sinus:30s,af:600s,sinus:100s,repeat", speed = "20" });
        await UntilAsync("status", status => status.GetProperty("state").GetString() == "online");
        // Half a minute of fibrillation as the machine sees it: time to check all that has come and to ask while the alert is active.
        var onset = await UntilAsync("alert", alert => alert.GetProperty("state").GetString() == "onset" && alert.GetProperty("code").GetProperty("own").GetString() == "atrial-fibrillation");
        var id = onset.GetProperty("id").GetGuid();
        var snippet = await UntilAsync("snippet", snippet => snippet.GetProperty("id").GetGuid() == id);
        Assert.Equal(12, snippet.GetProperty("leads").EnumerateObject().Count());
        Assert.Equal(5000, snippet.GetProperty("saliency").GetBytesFromBase64().Length);
        // For a station that came later; while the alert is active.
        var again = await AskAsync(client, $$"""{"command":"snapshot","by":"station 3","alert":"{{id}}"}""");
        Assert.Equal((true, id), (again.GetProperty("accepted").GetBoolean(), again.GetProperty("snippet").GetGuid()));
        await UntilAsync(other => other.Channel == "snippet" && other.Json.GetProperty("id").GetGuid() == id && !other.Json.Equals(snippet));
        Assert.Single(_all.Where(known => known.Channel == "snippet" && known.Json.GetProperty("id").GetGuid() == id).Select(known => known.Json.GetRawText()).Distinct());
        Assert.Equal(onset.GetProperty("evidence").GetProperty("labels").GetRawText(), snippet.GetProperty("interpretation").GetProperty("labels").GetRawText());
        var said = snippet.GetProperty("interpretation");
        Assert.Equal(said.GetProperty("labels").EnumerateObject().Select(label => label.Name), said.GetProperty("thresholds").EnumerateObject().Select(label => label.Name));

        var snapshot = await AskAsync(client, """{"command":"snapshot","by":"station 3","request":"r-7"}""");
        Assert.Equal(("r-7", true), (snapshot.GetProperty("request").GetString(), snapshot.GetProperty("accepted").GetBoolean()));
        var asked = await UntilAsync("snippet", other => other.GetProperty("id").GetGuid() == snapshot.GetProperty("snippet").GetGuid());
        Assert.Equal("snapshot", asked.GetProperty("cause").GetString());
        Assert.False((await AskAsync(client, "{\"command\":\"reboot\"}", valid: false)).GetProperty("accepted").GetBoolean());
        Assert.False((await AskAsync(client, $$"""{"command":"acknowledge","by":"station 3","alert":"{{Guid.NewGuid()}}"}""", "ecgfm/v1/ward/box/command")).GetProperty("accepted").GetBoolean());
        await UntilAsync("alert", alert => alert.GetProperty("state").GetString() == "cleared" && alert.GetProperty("id").GetGuid() == id);
        Assert.False((await AskAsync(client, $$"""{"command":"snapshot","by":"station 3","alert":"{{id}}"}""")).GetProperty("accepted").GetBoolean());

        daemon.Signal(15);
        await UntilAsync("status", status => status.GetProperty("state").GetString() == "stopped");
        Assert.Equal(0, await daemon.ExitAsync());
        foreach (var channel in new[] { "health", "vitals", "wave", "interpretation", "alert", "alerts", "boxAlerts", "snippet", "answer", "boxAnswer" }) Assert.True(_all.Any(known => known.Channel == channel), $"{channel} was never seen");
    }

    /// <summary>Asks as a station does that has many requests under way: by a topic of its own and correlation data.</summary>
    private async Task<JsonElement> RequestAsync(IMqttClient client, string json)
    {
        _contract.Check("command", json);
        var correlation = Guid.NewGuid().ToByteArray();
        await client.PublishAsync(new MqttApplicationMessageBuilder()
            .WithTopic($"{Bed}/command")
            .WithPayload(json)
            .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
            .WithResponseTopic($"{Bed}/answer/station-3")
            .WithCorrelationData(correlation)
            .Build());
        var answer = await UntilAsync(said => said.Message.CorrelationData is { } data && data.SequenceEqual(correlation));
        Assert.Equal(("answer", $"{Bed}/answer/station-3"), (answer.Channel, answer.Message.Topic));
        return answer.Json;
    }

    [Fact]
    public async Task A_station_acknowledges_pauses_resumes_and_asks_for_samples()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        using var client = await ListenAsync(broker);
        await using var daemon = StartDaemon(broker.Port, new { type = "simulator", script = "sinus:10s,af", speed = "20" });
        var onset = await UntilAsync("alert", alert => alert.GetProperty("state").GetString() == "onset" && alert.GetProperty("code").GetProperty("own").GetString() == "atrial-fibrillation");
        var id = onset.GetProperty("id").GetGuid();
        Task<JsonElement> StepAsync(string state) => UntilAsync("alert", step => step.GetProperty("id").GetGuid() == id && step.GetProperty("state").GetString() == state);
        Task<JsonElement> ListedAsync(JsonElement step) => UntilAsync("alerts", list => list.GetProperty("alerts").EnumerateArray().Any(alert =>
            alert.GetProperty("id").GetGuid() == id && alert.GetProperty("sequence").GetInt32() == step.GetProperty("sequence").GetInt32()));

        Assert.True((await RequestAsync(client, $$"""{"command":"acknowledge","by":"station 3","alert":"{{id}}"}""")).GetProperty("accepted").GetBoolean());
        var acknowledged = await StepAsync("acknowledged");
        Assert.Equal("station 3", acknowledged.GetProperty("acknowledgedBy").GetString());
        await ListedAsync(acknowledged);
        await using (var late = await Station.OpenAsync(broker))
        {
            // Who comes later sees it at once.
            var (list, retained) = await late.NextAsync("/bed-1/alerts");
            var alert = Assert.Single(list.GetProperty("alerts").EnumerateArray(), alert => alert.GetProperty("id").GetGuid() == id);
            Assert.Equal((true, "station 3"), (retained, alert.GetProperty("acknowledgedBy").GetString()));
        }

        var pause = await RequestAsync(client, """{"command":"pause","by":"station 3","seconds":120}""");
        Assert.True(pause.GetProperty("accepted").GetBoolean());
        var paused = await StepAsync("paused");
        var until = paused.GetProperty("pausedUntil").GetDateTimeOffset();
        Assert.InRange((until - pause.GetProperty("time").GetDateTimeOffset()).TotalSeconds, 115, 120);
        Assert.Equal(until, (await ListedAsync(paused)).GetProperty("pausedUntil").GetDateTimeOffset());

        Assert.True((await RequestAsync(client, """{"command":"resume","by":"station 3"}""")).GetProperty("accepted").GetBoolean());
        var resumed = await UntilAsync("alert", step => step.GetProperty("id").GetGuid() == id && step.GetProperty("sequence").GetInt32() > paused.GetProperty("sequence").GetInt32());
        Assert.Equal(("ongoing", "station 3"), (resumed.GetProperty("state").GetString(), resumed.GetProperty("acknowledgedBy").GetString()));
        Assert.False(resumed.TryGetProperty("pausedUntil", out _));
        Assert.False((await ListedAsync(resumed)).TryGetProperty("pausedUntil", out _));

        var snapshot = await RequestAsync(client, """{"command":"snapshot","by":"station 3"}""");
        var snippet = await UntilAsync("snippet", other => other.GetProperty("id").GetGuid() == snapshot.GetProperty("snippet").GetGuid());
        Assert.Equal(("snapshot", 12), (snippet.GetProperty("cause").GetString(), snippet.GetProperty("leads").EnumerateObject().Count()));

        var unknown = Guid.CreateVersion7();
        foreach (var (json, reason) in new[] { ($$"""{"command":"acknowledge","by":"station 3","alert":"{{unknown}}"}""", $"{unknown}"), ("""{"command":"resume","by":"station 3"}""", "not paused"), ("""{"command":"pause","by":"station 3","seconds":3600}""", "600 s") })
        {
            var refused = await RequestAsync(client, json);
            Assert.False(refused.GetProperty("accepted").GetBoolean());
            Assert.Contains(reason, refused.GetProperty("reason").GetString(), StringComparison.Ordinal);
        }

        daemon.Signal(15);
        await UntilAsync("status", status => status.GetProperty("state").GetString() == "stopped");
        Assert.Equal(0, await daemon.ExitAsync());
    }

    [Fact]
    public void The_document_is_whole()
    {
        Assert.Equal("3.0.0", (string)_contract.Document["asyncapi"]!);
        var channels = _contract.Document["channels"]!.AsObject().Select(channel => channel.Key).ToHashSet();
        var used = _contract.Document["operations"]!.AsObject().Select(operation => ((string)operation.Value!["channel"]!["$ref"]!).Split('/')[^1]).ToHashSet();
        Assert.Equal(channels.Except(["boxAnswer", "answer"]).Order(), used.Order());
        // Each channel has its own topic.
        foreach (var topic in new[] { "status", "health", "alert", "alerts", "command", "answer", "bed-1/alert", "bed-1/alerts", "bed-1/vitals", "bed-1/wave", "bed-1/interpretation", "bed-1/snippet/x", "bed-1/command", "bed-1/answer" })
            _contract.Find($"ecgfm/v1/ward/box/{topic}", Root);
    }

    [Theory]
    [InlineData("vitals", """{"type":"vitals","bed":"bed-1","time":"yesterday","leadOff":[],"absent":[]}""")]
    [InlineData("vitals", """{"type":"vitals","bed":"bed-1","time":"2026-01-02T03:04:05Z","leadOff":["X"],"absent":[]}""")]
    [InlineData("vitals", """{"type":"vitals","bed":"bed-1","time":"2026-01-02T03:04:05Z","leadOff":[],"absent":[],"name":"Jane"}""")]
    [InlineData("status", """{"type":"status","state":"asleep","bootId":"0193a1b2-0000-7000-8000-000000000001","version":"1","beds":[],"since":"2026-01-02T03:04:05Z"}""")]
    [InlineData("answer", """{"type":"answer","accepted":false,"time":"2026-01-02T03:04:05Z"}""")]
    public void A_message_that_is_wrong_is_found_wrong(string channel, string json) =>
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => _contract.Check(channel, json));

    [Fact]
    public async Task Nothing_that_names_a_patient_gets_into_a_message_or_the_log()
    {
        var record = Path.Combine(_folder.FullName, "rec");
        Assert.Equal(0, (await EdgeProcess.RunAsync("simulate", "--script", "sinus:20s,af:50s,sinus:50s", "--out", record)).Code);
        // As hospitals write it: the header has it, and nobody may read it out.
        await File.AppendAllLinesAsync(record + ".hea", ["# Patient: Doe^Jane MRN-KX7Q", "# 69 F 1085 1629 x1"]);
        await using var broker = await MosquittoBroker.StartAsync();
        using var client = await ListenAsync(broker);
        await using var daemon = StartDaemon(broker.Port, new { type = "record", path = record, speed = "20" });
        Assert.Equal(0, await daemon.ExitAsync());
        await UntilAsync("status", status => status.GetProperty("state").GetString() == "online");
        var said = new List<string>();
        while (_messages.Reader.TryRead(out var message)) said.Add($"{message.Topic} {System.Text.Encoding.UTF8.GetString(message.Payload.ToArray())}");
        Assert.Contains(said, text => text.Contains("/bed-1/interpretation", StringComparison.Ordinal));
        foreach (var word in new[] { "Doe", "Jane", "KX7Q" })
        {
            Assert.DoesNotContain(said, text => !text.Contains("/snippet/", StringComparison.Ordinal) && text.Contains(word, StringComparison.Ordinal));
            Assert.DoesNotContain(word, daemon.Errors, StringComparison.Ordinal);
        }
    }
}
