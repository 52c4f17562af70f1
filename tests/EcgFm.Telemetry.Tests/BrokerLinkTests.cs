using System.Reactive.Linq;
using System.Text.Json;
using EcgFm.Alerts;
using EcgFm.Core;
using EcgFm.Telemetry.Messages;
using EcgFm.Telemetry.Outbox;
using EcgFm.Testing;
using Microsoft.Extensions.Time.Testing;
using MQTTnet.Protocol;

namespace EcgFm.Telemetry.Tests;

public sealed class BrokerLinkTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly UnobservedExceptionGuard _guard = new();
    private readonly MessageOutbox _outbox = MessageOutbox.InMemory();
    private readonly TelemetryTopics _topics = new("ecgfm/v1", "ward", "box");
    private readonly LogLines _log = new();
    private readonly CancellationTokenSource _stop = new();
    private MosquittoBroker _broker = null!;
    private BrokerLink _link = null!;
    private TelemetryPublisher _publisher = null!;
    private Task _running = Task.CompletedTask;

    public async Task InitializeAsync()
    {
        _broker = await MosquittoBroker.StartAsync();
        Make(_ => _);
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(Patience);
        _link.Dispose();
        _outbox.Dispose();
        _stop.Dispose();
        await _broker.DisposeAsync();
    }

    public void Dispose() => _guard.Dispose();

    /// <summary>A link and a publisher over the same outbox, as after a restart.</summary>
    private void Make(Func<BrokerOptions, BrokerOptions> change, TimeProvider? time = null)
    {
        _link?.Dispose();
        var status = new StatusMessage(DeviceState.Online, Guid.CreateVersion7(), "1.2.3", ["bed-1"], DateTimeOffset.UnixEpoch);
        var options = change(new BrokerOptions
        {
            Address = new(_broker.Host, _broker.Port, Tls: false),
            ClientId = "box",
            Timeout = TimeSpan.FromSeconds(2),
            KeepAlive = TimeSpan.FromSeconds(2),
            FirstPause = TimeSpan.FromMilliseconds(20),
            LongestPause = TimeSpan.FromMilliseconds(100),
        });
        _link = new(options, _outbox, new RetainedStatus(_topics.Status, status), time ?? TimeProvider.System, _log);
        _publisher = new(_link, _outbox, _topics, ["bed-1"], TimeProvider.System, _log);
    }

    private void Run() => _running = _link.RunAsync(_stop.Token);

    private static IList<Alert> Episode() =>
        Interpretations.Windows(.9f, .9f, .9f, .1f, .1f, .1f).ToObservable().RaiseAlerts(AlertRules.Default, "bed-1").ToList().Wait();

    /// <summary>Kills the broker and starts it again; who listens does so before the link, which may be quick, comes back.</summary>
    private async Task<Station> ListenBeforeAsync(TcpProxy line)
    {
        line.FallSilent();
        await _broker.KillAsync();
        await _broker.StartAgainAsync();
        var station = await Station.OpenAsync(_broker);
        line.Speak();
        return station;
    }

    private static string? Text(JsonElement json, string key) => json.GetProperty(key).GetString();

    [Fact]
    public async Task The_status_is_online_while_it_runs_and_stopped_after()
    {
        await using var station = await Station.OpenAsync(_broker);
        Run();
        var (online, _) = await station.NextAsync("/status");
        Assert.Equal(("online", "1.2.3", "bed-1"), (Text(online, "state"), Text(online, "version"), online.GetProperty("beds")[0].GetString()));

        await _stop.CancelAsync();
        await _running.WaitAsync(Patience);
        var (stopped, _) = await station.NextAsync("/status");
        Assert.Equal("stopped", Text(stopped, "state"));
        Assert.Equal(Text(online, "bootId"), Text(stopped, "bootId"));
        await using var late = await Station.OpenAsync(_broker);
        var (kept, retained) = await late.NextAsync("/status");
        Assert.True(retained);
        Assert.Equal("stopped", Text(kept, "state"));
    }

    [Fact]
    public async Task Each_step_of_an_alert_arrives_in_order_with_its_evidence_and_the_list_of_active_ones()
    {
        await using var station = await Station.OpenAsync(_broker);
        Run();
        await _link.DeliverAsync(Patience);
        var steps = Episode();
        _publisher.Publish(steps[0]);

        var (onset, _) = await station.NextAsync("/bed-1/alert");
        Assert.Equal(("alert", "onset", "physiological", "medium", 1), (Text(onset, "type"), Text(onset, "state"), Text(onset, "kind"), Text(onset, "priority"), onset.GetProperty("sequence").GetInt32()));
        Assert.Equal(steps[0].Id, onset.GetProperty("id").GetGuid());
        Assert.Equal(("atrial-fibrillation", "49436004"), (Text(onset.GetProperty("code"), "own"), Text(onset.GetProperty("code"), "snomed")));
        Assert.Equal(0.9f, onset.GetProperty("evidence").GetProperty("labels").GetProperty("Atrial fibrillation").GetSingle(), 3);
        Assert.Equal("made-up", Text(onset.GetProperty("evidence").GetProperty("model"), "name"));
        Assert.False(onset.GetProperty("historical").GetBoolean());
        var (active, _) = await station.NextAsync("/bed-1/alerts");
        Assert.Equal(steps[0].Id, Assert.Single(active.GetProperty("alerts").EnumerateArray()).GetProperty("id").GetGuid());
        _publisher.Publish(steps[1]);
        var (cleared, _) = await station.NextAsync("/bed-1/alert");
        Assert.Equal(("cleared", 2), (Text(cleared, "state"), cleared.GetProperty("sequence").GetInt32()));
        var (none, _) = await station.NextAsync("/bed-1/alerts");
        Assert.Empty(none.GetProperty("alerts").EnumerateArray());
    }

    [Fact]
    public async Task What_is_said_while_the_broker_is_away_arrives_when_it_is_back()
    {
        Run();
        await _link.DeliverAsync(Patience);
        await _broker.KillAsync();
        await _log.NextAsync("trying again");
        var steps = Episode();
        foreach (var step in steps) _publisher.Publish(step);
        // Two steps, one snippet, and the lists of the bed and of the box.
        await AsyncWait.UntilAsync(() => _outbox.Count == 5);

        await _broker.StartAgainAsync();
        await _log.NextAsync("Connected");
        await AsyncWait.UntilAsync(() => _outbox.Count == 0);
        await using var station = await Station.OpenAsync(_broker);
        // The status and the list come back although the broker forgot all it had retained, and the list is the last one.
        Assert.Equal("online", Text((await station.NextAsync("/status")).Json, "state"));
        await using var late = await Station.OpenAsync(_broker);
        var (list, retained) = await late.NextAsync("/bed-1/alerts");
        Assert.True(retained);
        Assert.Empty(list.GetProperty("alerts").EnumerateArray());
    }

    [Fact]
    public async Task Steps_stored_before_the_first_connection_arrive_in_order()
    {
        await using var station = await Station.OpenAsync(_broker);
        foreach (var step in Episode()) _publisher.Publish(step);
        Run();
        Assert.Equal("onset", Text((await station.NextAsync("/bed-1/alert")).Json, "state"));
        Assert.Equal("cleared", Text((await station.NextAsync("/bed-1/alert")).Json, "state"));
    }

    [Fact]
    public async Task A_message_that_waited_long_is_marked_historical()
    {
        await using var station = await Station.OpenAsync(_broker);
        var payload = JsonSerializer.SerializeToUtf8Bytes(AlertMessage.From(Episode()[0]), TelemetryJson.Default.AlertMessage);
        _outbox.Add([new OutboxMessage(_topics.Alert("bed-1"), payload, Retain: false, DateTimeOffset.UtcNow - TimeSpan.FromMinutes(1))]);
        Run();
        var (late, _) = await station.NextAsync("/bed-1/alert");
        Assert.True(late.GetProperty("historical").GetBoolean());
    }

    [Fact]
    public async Task A_broker_that_falls_silent_is_noticed_and_nothing_is_lost()
    {
        Run();
        await _link.DeliverAsync(Patience);
        _broker.Freeze();
        _publisher.Publish(Episode()[0]);
        await AsyncWait.UntilAsync(() => !_link.Condition.Connected);
        await AsyncWait.UntilAsync(() => _outbox.Count == 4);
        _broker.Thaw();
        await AsyncWait.UntilAsync(() => _outbox.Count == 0);
    }

    /// <summary>A broker with one more line in its configuration, and an access list that can be changed before it is started again.</summary>
    private async Task LimitAsync(string line, Func<string>? acl = null)
    {
        await _broker.DisposeAsync();
        _broker = await MosquittoBroker.StartAsync(new MosquittoBrokerOptions
        {
            Whole = (folder, port) =>
            {
                File.WriteAllText(Path.Combine(folder, "acl"), $"topic readwrite #\n{acl?.Invoke()}\n");
                return [$"listener {port} 127.0.0.1", "allow_anonymous true", $"acl_file {folder}/acl", $"user {Environment.UserName}", "log_dest stderr", line];
            },
        });
        Make(_ => _);
    }

    [Theory]
    [InlineData("max_packet_size 20000", "")]
    [InlineData("message_size_limit 20000", "")]
    [InlineData("", "topic deny ecgfm/v1/ward/box/bed-1/snippet/#")]
    public async Task A_snippet_that_the_broker_does_not_take_holds_no_alert_up(string limit, string acl)
    {
        await LimitAsync(limit, () => acl);
        await using var station = await Station.OpenAsync(_broker);
        Run();
        await _link.DeliverAsync(Patience);
        // Asked for once more it is not stored; it does no harm either.
        var steps = Episode();
        _link.Send(new(_topics.Snippet("bed-1", steps[0].Id), new byte[100_000]) { Quality = MqttQualityOfServiceLevel.AtLeastOnce });
        foreach (var step in steps) _publisher.Publish(step);
        Assert.Equal("onset", Text((await station.NextAsync("/bed-1/alert")).Json, "state"));
        Assert.Equal("cleared", Text((await station.NextAsync("/bed-1/alert")).Json, "state"));
        await AsyncWait.UntilAsync(() => _outbox.Count == 0);
        Assert.Equal((true, 1), (_link.Condition.Connected, _link.Condition.Discarded));
        Assert.Single(_log.All, line => line.Text.StartsWith("Given up", StringComparison.Ordinal));
        Assert.Single(_log.All, line => line.Text.StartsWith("Connected", StringComparison.Ordinal));
        // After an outage the steps come again, and the snippet, which was not acknowledged but given up, does not.
        await _broker.KillAsync();
        await _log.NextAsync("trying again");
        await _broker.StartAgainAsync();
        await _log.NextAsync("Connected");
        await AsyncWait.UntilAsync(() => _outbox.Count == 0);
        Assert.Equal(1, _link.Condition.Discarded);
    }

    [Fact]
    public async Task A_snippet_under_which_the_link_breaks_every_time_holds_no_alert_up()
    {
        // As a broker does that ends the connection instead of refusing what it does not take.
        await using var line = await TcpProxy.StartAsync(_broker.Port, most: 50_000);
        Make(options => options with { Address = new("127.0.0.1", line.Port, Tls: false) });
        await using var station = await Station.OpenAsync(_broker);
        foreach (var step in Episode()) _publisher.Publish(step);
        Run();
        await station.NextAsync("/bed-1/alert", step => Text(step, "state") == "cleared");
        await AsyncWait.UntilAsync(() => _outbox.Count == 0);
        Assert.Equal(1, _link.Condition.Discarded);
        Assert.Contains(_log.All, line => line.Text.Contains("broke 3 times under", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_alert_that_an_access_list_shuts_out_waits_until_it_does_not()
    {
        var acl = "topic deny ecgfm/v1/ward/box/bed-1/alert";
        await LimitAsync("", () => acl);
        await using var line = await TcpProxy.StartAsync(_broker.Port);
        Make(options => options with { Address = new("127.0.0.1", line.Port, Tls: false) });
        Run();
        await _link.DeliverAsync(Patience);
        _publisher.Publish(Episode()[0]);
        Assert.Contains("/bed-1/alert: NotAuthorized", await _log.NextAsync("refused"), StringComparison.Ordinal);
        acl = "";
        await using var station = await ListenBeforeAsync(line);
        Assert.Equal("onset", Text((await station.NextAsync("/bed-1/alert")).Json, "state"));
        Assert.Equal(0, _link.Condition.Discarded);
    }

    [Fact]
    public async Task A_refusal_says_what_to_check_and_stopping_ends_the_tries()
    {
        await _broker.DisposeAsync();
        _broker = await MosquittoBroker.StartAsync(new MosquittoBrokerOptions { Users = new Dictionary<string, string> { ["box"] = "right" } });
        Make(options => options with { UserName = "box", Password = "wrong" });
        Run();
        var line = await _log.NextAsync("No connection");
        Assert.Contains("Check user, password and access list", line, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", line, StringComparison.Ordinal);
        await _stop.CancelAsync();
        await _running.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_private_authority_is_trusted_and_another_is_not()
    {
        await _broker.DisposeAsync();
        using var certificates = new TestCertificates();
        using var strangers = new TestCertificates();
        _broker = await MosquittoBroker.StartAsync(new MosquittoBrokerOptions { Tls = certificates });
        var file = Path.Combine(_broker.Directory, "authority.pem");

        await File.WriteAllTextAsync(file, strangers.Authority.ExportCertificatePem());
        Make(options => options with { Address = new(_broker.Host, _broker.Port, Tls: true), CaFile = file });
        Run();
        await _log.NextAsync("No connection");
        await _stop.CancelAsync();
        await _running.WaitAsync(Patience);

        await File.WriteAllTextAsync(file, certificates.Authority.ExportCertificatePem());
        Make(options => options with { Address = new(_broker.Host, _broker.Port, Tls: true), CaFile = file });
        using var stop = new CancellationTokenSource();
        _running = _link.RunAsync(stop.Token);
        await _log.NextAsync("Connected");
        await stop.CancelAsync();
    }

    [Fact]
    public async Task Live_messages_are_dropped_while_there_is_no_link_and_sent_while_there_is()
    {
        var window = Interpretations.Window(0, .2f);
        _publisher.Publish(window, "bed-1");
        await using var station = await Station.OpenAsync(_broker);
        Run();
        await station.NextAsync("/status");
        await AsyncWait.UntilAsync(() => _link.IsConnected);
        _publisher.Publish(Interpretations.Window(7, .2f), "bed-1");
        var (json, retained) = await station.NextAsync("/bed-1/interpretation");
        Assert.Equal((7, false), (json.GetProperty("window").GetInt32(), retained));
        Assert.Equal(0.8f, json.GetProperty("labels").GetProperty("Sinus rhythm").GetSingle(), 3);
    }

    [Fact]
    public async Task A_half_open_link_is_noticed_although_nothing_but_live_messages_is_sent()
    {
        await using var proxy = await TcpProxy.StartAsync(_broker.Port);
        Make(options => options with { Address = new("127.0.0.1", proxy.Port, Tls: false), KeepAlive = TimeSpan.FromSeconds(6) });
        Run();
        await _link.DeliverAsync(Patience);
        proxy.FallSilent();
        using var live = Observable.Interval(TimeSpan.FromMilliseconds(50)).Subscribe(_ => _publisher.PublishWave(new byte[1000], "bed-1"));
        // After half a keep-alive and the time-out, 5 s here: a log waits for a minute, TCP itself for a quarter of an hour.
        await _log.NextAsync("no sign of life");
        proxy.Speak();
        await _log.NextAsync("Connected");
    }

    /// <summary>A link in virtual time, over a line that can be held, and the time.</summary>
    private async Task<FakeTimeProvider> RunOverAsync(TcpProxy line)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        Make(options => options with { Address = new("127.0.0.1", line.Port, Tls: false), KeepAlive = TimeSpan.FromSeconds(10), Timeout = TimeSpan.FromSeconds(10) }, time);
        Run();
        await AsyncWait.UntilAsync(() => _link.IsConnected && _outbox.Count == 0);
        return time;
    }

    private OutboxMessage Snippet(int bytes) => new(_topics.Snippet("bed-1", Guid.NewGuid()), new byte[bytes], Retain: false, DateTimeOffset.UtcNow, MessagePriority.Snippet);

    /// <summary>Lets the time pass, a second after the other, until the condition holds; says how many it took.</summary>
    private static async Task<int> PassAsync(FakeTimeProvider time, Func<int, bool> until)
    {
        var seconds = 0;
        await AsyncWait.UntilAsync(() =>
        {
            if (until(seconds)) return true;
            time.Advance(TimeSpan.FromSeconds(1));
            return until(++seconds);
        });
        return seconds;
    }

    [Fact]
    public async Task What_is_sent_behind_a_snippet_on_a_narrow_link_has_the_time_that_the_snippet_takes()
    {
        await using var line = await TcpProxy.StartAsync(_broker.Port);
        await using var station = await Station.OpenAsync(_broker);
        var time = await RunOverAsync(line);
        line.Hold();
        _link.Store([Snippet(170_000)]);
        await AsyncWait.UntilAsync(() => line.Holds);
        _link.Announce("homeassistant/x/config", "{}"u8.ToArray());
        // Live messages and signs of life wait for it too: 8 kB a second take 20 s, and the time-out comes after.
        await PassAsync(time, seconds => seconds == 25);
        line.Release();
        await station.NextMessageAsync("homeassistant/x/config");
        await AsyncWait.UntilAsync(() => _outbox.Count == 0);
        Assert.DoesNotContain(_log.All, entry => entry.Text.Contains("trying again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_link_that_dies_under_a_snippet_is_noticed_when_even_a_narrow_one_would_have_answered()
    {
        await using var line = await TcpProxy.StartAsync(_broker.Port);
        var time = await RunOverAsync(line);
        line.Hold();
        _link.Store([Snippet(170_000)]);
        await AsyncWait.UntilAsync(() => line.Holds);
        Assert.InRange(await PassAsync(time, _ => !_link.IsConnected), 30, 36);
        line.Release();
    }

    [Fact]
    public async Task An_orderly_stop_says_stopped_although_more_waits_than_there_is_time_for()
    {
        await using var line = await TcpProxy.StartAsync(_broker.Port);
        var time = await RunOverAsync(line);
        line.Hold();
        _link.Store([.. Enumerable.Range(0, 1000).Select(_ => Snippet(1))]);
        await AsyncWait.UntilAsync(() => line.Holds);
        // From now on each message takes a hundredth of a second.
        time.AutoAdvanceAmount = TimeSpan.FromMilliseconds(10);
        var stopping = _stop.CancelAsync();
        line.Release();
        await stopping;
        await _running.WaitAsync(Patience);
        Assert.NotEqual(0, _outbox.Count);
        await using var late = await Station.OpenAsync(_broker);
        Assert.Equal("stopped", Text((await late.NextAsync("/status")).Json, "state"));
    }

    [Fact]
    public void The_list_of_active_alerts_keeps_the_order_of_their_onsets()
    {
        var first = Episode()[0];
        var second = first with { Id = Guid.NewGuid() };
        foreach (var step in new[] { first, second, first with { Sequence = 2, State = AlertState.Ongoing } }) _publisher.Publish(step);
        AssertListed((first.Id, 2), (second.Id, 1));
        _publisher.Publish(first with { Sequence = 3, State = AlertState.Cleared });
        AssertListed((second.Id, 1));

        void AssertListed(params (Guid, int)[] alerts)
        {
            var list = JsonDocument.Parse(_outbox.State("active/bed-1")!).RootElement.GetProperty("alerts");
            Assert.Equal(alerts, list.EnumerateArray().Select(alert => (alert.GetProperty("id").GetGuid(), alert.GetProperty("sequence").GetInt32())));
        }
    }

    [Fact]
    public async Task What_was_acknowledged_just_before_the_broker_died_comes_again_with_the_same_id_and_sequence()
    {
        await using var station = await Station.OpenAsync(_broker);
        await using var line = await TcpProxy.StartAsync(_broker.Port);
        Make(options => options with { Address = new("127.0.0.1", line.Port, Tls: false) });
        Run();
        await _link.DeliverAsync(Patience);
        _publisher.Publish(Episode()[0]);
        var (first, _) = await station.NextAsync("/bed-1/alert");
        await AsyncWait.UntilAsync(() => _outbox.Count == 0);
        await using var late = await ListenBeforeAsync(line);
        var (again, _) = await late.NextAsync("/bed-1/alert");
        Assert.Equal((first.GetProperty("id").GetGuid(), first.GetProperty("sequence").GetInt32()), (again.GetProperty("id").GetGuid(), again.GetProperty("sequence").GetInt32()));
    }

    [Fact]
    public async Task The_ten_seconds_behind_an_onset_come_with_what_the_network_looked_at()
    {
        await using var station = await Station.OpenAsync(_broker);
        Run();
        var samples = new float[12 * EcgWindow.Length];
        (samples[0], samples[1], samples[EcgWindow.Length], samples[EcgWindow.Length + 1]) = (1.5f, float.NaN, -0.0204f, 40f);
        var step = Episode()[0];
        var evidence = step.Evidence!;
        var window = evidence.Input.Window with { Samples = samples, Absent = LeadSet.None.With(Lead.V6) };
        _publisher.Publish(step with { Evidence = evidence with { Input = evidence.Input with { Window = window, Beats = [400, 900] }, Saliency = [0, .5f, 1, .5f] } });

        var (snippet, _) = await station.NextAsync($"/bed-1/snippet/{step.Id}");
        Assert.Equal(("snippet", "onset", 500, 5000), (Text(snippet, "type"), Text(snippet, "cause"), snippet.GetProperty("sampleRate").GetInt32(), snippet.GetProperty("length").GetInt32()));
        Assert.Equal(11, snippet.GetProperty("leads").EnumerateObject().Count());
        var first = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, short>(snippet.GetProperty("leads").GetProperty("I").GetBytesFromBase64());
        Assert.Equal([1500, short.MinValue, 0], first[..3].ToArray());
        var second = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, short>(snippet.GetProperty("leads").GetProperty("II").GetBytesFromBase64());
        Assert.Equal([-20, short.MaxValue], second[..2].ToArray());
        var saliency = snippet.GetProperty("saliency").GetBytesFromBase64();
        Assert.Equal(5000, saliency.Length);
        // The steps stand for 1250 samples each: their middles are at 625, 1875, 3125, 4375.
        Assert.Equal([0, 0, 64, 128, 191, 255, 128, 128], new[] { 0, 624, 1250, 1875, 2500, 3125, 4375, 4999 }.Select(i => (int)saliency[i]));
        Assert.Equal([400, 900], snippet.GetProperty("beats").EnumerateArray().Select(beat => beat.GetInt32()));
        Assert.Equal(0.9f, snippet.GetProperty("interpretation").GetProperty("labels").GetProperty("Atrial fibrillation").GetSingle(), 3);
    }

    [Fact]
    public async Task Alerts_that_were_active_before_a_restart_are_still_in_the_list_and_a_bed_that_is_gone_can_be_cleared()
    {
        var onset = Episode()[0];
        _publisher.Publish(new AlertUpdate("bed-1", [onset], null, [1, 2, 3]));
        _publisher.Publish(new AlertUpdate("bed-9", [onset with { Id = Guid.NewGuid(), Bed = "bed-9" }], null, [9]));
        Make(_ => _);
        Assert.Equal(["bed-1", "bed-9"], _publisher.BedsWithState);
        Assert.Equal([1, 2, 3], _publisher.State("bed-1")!);
        Assert.Null(_publisher.State(null));
        await using var station = await Station.OpenAsync(_broker);
        Run();
        var (list, _) = await station.NextAsync("/bed-1/alerts");
        Assert.Equal(onset.Id, Assert.Single(list.GetProperty("alerts").EnumerateArray()).GetProperty("id").GetGuid());
        var gone = await station.NextAsync("/bed-9/alerts");
        Assert.Single(gone.Json.GetProperty("alerts").EnumerateArray());

        var steps = gone.Json.GetProperty("alerts")[0];
        _publisher.Publish(new AlertUpdate("bed-9", [onset with { Id = steps.GetProperty("id").GetGuid(), Bed = "bed-9", Sequence = 2, State = AlertState.Cleared }], null, null));
        while ((await station.NextAsync("/bed-9/alerts")).Json.GetProperty("alerts").GetArrayLength() > 0)
        {
        }

        Assert.Equal(["bed-1"], _publisher.BedsWithState);
    }
}
