using System.Buffers;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using EcgFm.Core;
using EcgFm.Telemetry.Messages;
using EcgFm.Telemetry.Outbox;
using EcgFm.Testing;
using MQTTnet;
using MQTTnet.Protocol;

namespace EcgFm.Telemetry.Tests;

/// <summary>A real Mosquitto with the files of device/mosquitto: what each user may and may not do.</summary>
public sealed class MosquittoConfigurationTests : IAsyncLifetime
{
    private const string Box = "ward-3.box-1", Base = "ecgfm/v1/ward-3/box-1";

    private static readonly string Files = Path.Combine(TestData.Repository, "device", "mosquitto");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TestCertificates _certificates = new();
    private readonly int _stationPort = MosquittoBroker.FreePort();
    private readonly int _webPort = MosquittoBroker.FreePort();
    private readonly LogLines _log = new();
    private MosquittoBroker _broker = null!;

    public async Task InitializeAsync() => _broker = await MosquittoBroker.StartAsync(new MosquittoBrokerOptions { Whole = Configuration });

    public async Task DisposeAsync()
    {
        await _broker.DisposeAsync();
        _certificates.Dispose();
    }

    /// <summary>The file as it stands, with this test's paths and ports.</summary>
    private List<string> Configuration(string folder, int port)
    {
        string Write(string name, string text)
        {
            File.WriteAllText(Path.Combine(folder, name), text);
            return text;
        }

        Write("ca.pem", _certificates.Authority.ExportCertificatePem());
        Write("server.pem", _certificates.Server.ExportCertificatePem());
        Write("server.key", _certificates.Server.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        Write("passwords", string.Join('\n', MosquittoBroker.PasswordLine("nurse-station", "right"), MosquittoBroker.PasswordLine("dashboard", "right"), ""));
        File.Copy(Path.Combine(Files, "acl"), Path.Combine(folder, "acl"), overwrite: true);
        var text = File.ReadAllText(Path.Combine(Files, "mosquitto.conf"))
            .Replace("/etc/mosquitto/ecgfm", folder, StringComparison.Ordinal)
            .Replace("/var/lib/mosquitto/", folder + "/", StringComparison.Ordinal)
            .Replace("listener 8883", $"listener {port}", StringComparison.Ordinal)
            .Replace("listener 8884", $"listener {_stationPort}", StringComparison.Ordinal)
            .Replace("listener 9443", $"listener {_webPort}", StringComparison.Ordinal);
        // A broker started by root would change its user, and then not read its folder.
        return [.. text.Split('\n'), $"user {Environment.UserName}", "log_dest stderr", "log_type information"];
    }

    private async Task<IMqttClient> BoxAsync(string name = Box) => Connected(await TryConnectAsync(_broker.Port, null, null, _certificates.IssueClient(name)));

    private async Task<IMqttClient> UserAsync(string user) => Connected(await TryConnectAsync(_stationPort, user, "right", null));

    private static IMqttClient Connected((IMqttClient Client, string? Fault) tried)
    {
        Assert.Null(tried.Fault);
        return tried.Client;
    }

    private async Task<(IMqttClient Client, string? Fault)> TryConnectAsync(int port, string? user, string? password, X509Certificate2? certificate)
    {
        var client = new MqttClientFactory().CreateMqttClient();
        var options = new MqttClientOptionsBuilder().WithTcpServer("localhost", port).WithClientId($"{user ?? "box"}-{Guid.NewGuid():N}").WithTlsOptions(tls =>
        {
            tls.WithTrustChain(_certificates.TrustChain).WithRevocationMode(X509RevocationMode.NoCheck);
            if (certificate is not null) tls.WithClientCertificates([certificate]);
        });
        if (user is not null) options = options.WithCredentials(user, password ?? "");
        try
        {
            var result = await client.ConnectAsync(options.Build()).WaitAsync(Patience);
            return (client, result.ResultCode == MqttClientConnectResultCode.Success ? null : result.ResultCode.ToString());
        }
        catch (Exception fault) when (fault is MQTTnet.Exceptions.MqttCommunicationException or MQTTnet.Adapter.MqttConnectingFailedException)
        {
            return (client, fault.Message);
        }
    }

    private static async Task<bool> MayPublishAsync(IMqttClient client, string topic) =>
        (await client.PublishStringAsync(topic, "{}", MqttQualityOfServiceLevel.AtLeastOnce).WaitAsync(Patience)).ReasonCode != MqttClientPublishReasonCode.NotAuthorized;

    [Fact]
    public async Task A_box_writes_its_own_topics_and_no_others()
    {
        using var box = await BoxAsync();
        foreach (var topic in new[] { "status", "health", "bed-1/alert", "bed-1/alerts", "bed-1/wave", "bed-1/answer/station-3", "bed-1/snippet/x" })
            Assert.True(await MayPublishAsync(box, $"{Base}/{topic}"), topic);
        foreach (var topic in new[] { "ecgfm/v1/ward-3/box-2/status", "ecgfm/v1/ward-3/box-2/bed-1/command", "ecgfm/v1/ward-3", "homeassistant/sensor/x/config", "anything" })
            Assert.False(await MayPublishAsync(box, topic), topic);
    }

    [Fact]
    public async Task A_box_reads_its_own_commands_and_no_others()
    {
        using var box = await BoxAsync();
        using var station = await UserAsync("nurse-station");
        var got = new List<string>();
        var last = new TaskCompletionSource();
        box.ApplicationMessageReceivedAsync += received =>
        {
            lock (got) got.Add(received.ApplicationMessage.Topic);
            if (received.ApplicationMessage.Topic.EndsWith("/box-1/command", StringComparison.Ordinal)) last.TrySetResult();
            return Task.CompletedTask;
        };
        await box.SubscribeAsync("ecgfm/v1/#", MqttQualityOfServiceLevel.AtLeastOnce);
        foreach (var topic in new[] { "ecgfm/v1/ward-3/box-2/bed-1/command", $"{Base}/bed-1/command", "ecgfm/v1/ward-3/box-2/command", $"{Base}/command" })
            Assert.True(await MayPublishAsync(station, topic), topic);
        await last.Task.WaitAsync(Patience);
        Assert.Equal([$"{Base}/bed-1/command", $"{Base}/command"], got);
    }

    [Fact]
    public async Task A_station_commands_and_a_dashboard_does_not_and_neither_speaks_for_a_box()
    {
        using var station = await UserAsync("nurse-station");
        using var dashboard = await UserAsync("dashboard");
        Assert.True(await MayPublishAsync(station, $"{Base}/bed-1/command"));
        Assert.False(await MayPublishAsync(dashboard, $"{Base}/bed-1/command"));
        foreach (var topic in new[] { $"{Base}/status", $"{Base}/bed-1/alert", $"{Base}/bed-1/alerts", $"{Base}/bed-1/answer" })
        {
            Assert.False(await MayPublishAsync(station, topic), topic);
            Assert.False(await MayPublishAsync(dashboard, topic), topic);
        }
    }

    [Fact]
    public async Task Nobody_comes_in_without_certificate_or_password()
    {
        using var strangers = new TestCertificates();
        Assert.NotNull((await TryConnectAsync(_broker.Port, null, null, null)).Fault);
        Assert.NotNull((await TryConnectAsync(_broker.Port, "nurse-station", "right", null)).Fault);
        Assert.NotNull((await TryConnectAsync(_broker.Port, null, null, strangers.IssueClient(Box))).Fault);
        Assert.NotNull((await TryConnectAsync(_stationPort, "nurse-station", "wrong", null)).Fault);
        Assert.NotNull((await TryConnectAsync(_stationPort, Box, "", null)).Fault);
        Assert.NotNull((await TryConnectAsync(_stationPort, null, null, _certificates.IssueClient(Box))).Fault);
    }

    [Fact]
    public async Task A_browser_comes_in_by_WebSocket_with_the_right_password_only()
    {
        Assert.Equal(0, await WebSocketConnectAsync("dashboard", "right"));
        Assert.Equal(0x87, await WebSocketConnectAsync("dashboard", "wrong"));
    }

    [Fact]
    public async Task The_link_works_with_these_files_and_a_command_goes_through()
    {
        using var certificate = _certificates.IssueClient(Box);
        var (certFile, keyFile) = (Path.Combine(_broker.Directory, "box.pem"), Path.Combine(_broker.Directory, "box.key"));
        await File.WriteAllTextAsync(certFile, certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(keyFile, certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        var topics = new TelemetryTopics("ecgfm/v1", "ward-3", "box-1");
        var status = new RetainedStatus(topics.Status, new StatusMessage(DeviceState.Online, Guid.CreateVersion7(), "1.2.3", ["bed-1"], DateTimeOffset.UnixEpoch));
        var options = new BrokerOptions { Address = new("localhost", _broker.Port, Tls: true), ClientId = "box-1", CaFile = Path.Combine(_broker.Directory, "ca.pem"), CertFile = certFile, KeyFile = keyFile };
        using var outbox = MessageOutbox.InMemory();
        using var link = new BrokerLink(options, outbox, status, TimeProvider.System, _log);
        var asked = new List<AlertCommand>();
        var publisher = new TelemetryPublisher(link, outbox, topics, ["bed-1"], TimeProvider.System, _log)
        {
            Commands = command =>
            {
                asked.Add(command);
                return CommandAnswer.Refused("there is no such alert");
            },
        };
        using var stop = new CancellationTokenSource();
        var running = link.RunAsync(stop.Token);
        await link.DeliverAsync(Patience);

        // What the access list does not allow is left out, and nothing else suffers.
        link.Announce("homeassistant/sensor/x/config", [1]);
        await _log.NextAsync("Left out");
        using var station = await UserAsync("nurse-station");
        var answered = new TaskCompletionSource<MqttApplicationMessage>();
        station.ApplicationMessageReceivedAsync += received =>
        {
            if (received.ApplicationMessage.Topic == $"{Base}/bed-1/answer/station-3") answered.TrySetResult(received.ApplicationMessage);
            return Task.CompletedTask;
        };
        await station.SubscribeAsync("ecgfm/v1/#", MqttQualityOfServiceLevel.AtLeastOnce);
        var id = Guid.CreateVersion7();
        await station.PublishAsync(new MqttApplicationMessageBuilder()
            .WithTopic($"{Base}/bed-1/command")
            .WithPayload($$"""{"command":"acknowledge","by":"station 3","alert":"{{id}}"}""")
            .WithResponseTopic($"{Base}/bed-1/answer/station-3")
            .WithCorrelationData([4, 2])
            .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
            .Build());
        var answer = await answered.Task.WaitAsync(Patience);
        Assert.Equal([4, 2], answer.CorrelationData);
        Assert.Equal("there is no such alert", JsonDocument.Parse(answer.Payload.ToArray()).RootElement.GetProperty("reason").GetString());
        Assert.Equal([new AlertCommand.Acknowledge("bed-1", "station 3", id)], asked);

        await stop.CancelAsync();
        await running.WaitAsync(Patience);
        Assert.DoesNotContain(_log.All, line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
        GC.KeepAlive(publisher);
    }

    [Fact]
    public async Task What_the_broker_acknowledged_is_there_after_it_was_killed()
    {
        using (var station = new MqttClientFactory().CreateMqttClient())
        {
            await station.ConnectAsync(Persistent());
            await station.SubscribeAsync($"{Base}/bed-1/alert", MqttQualityOfServiceLevel.AtLeastOnce);
            await station.DisconnectAsync(new MqttClientDisconnectOptions { SessionExpiryInterval = 3600 });
        }

        using (var box = await BoxAsync())
        {
            Assert.True((await box.PublishStringAsync($"{Base}/bed-1/alerts", "list", MqttQualityOfServiceLevel.AtLeastOnce, retain: true)).IsSuccess);
            Assert.True((await box.PublishStringAsync($"{Base}/bed-1/alert", "step", MqttQualityOfServiceLevel.AtLeastOnce)).IsSuccess);
            // It is written in the same turn of the broker's loop, before it looks at the next packet.
            await box.PingAsync();
        }

        await _broker.KillAsync();
        await _broker.StartAgainAsync();
        using var again = new MqttClientFactory().CreateMqttClient();
        var got = System.Threading.Channels.Channel.CreateUnbounded<string>();
        again.ApplicationMessageReceivedAsync += received =>
        {
            got.Writer.TryWrite(received.ApplicationMessage.ConvertPayloadToString() ?? "");
            return Task.CompletedTask;
        };
        await again.ConnectAsync(Persistent());
        Assert.Equal("step", await got.Reader.ReadAsync().AsTask().WaitAsync(Patience));
        await again.SubscribeAsync($"{Base}/bed-1/alerts", MqttQualityOfServiceLevel.AtLeastOnce);
        Assert.Equal("list", await got.Reader.ReadAsync().AsTask().WaitAsync(Patience));
    }

    private MqttClientOptions Persistent() => new MqttClientOptionsBuilder()
        .WithTcpServer("localhost", _stationPort)
        .WithClientId("station-3")
        .WithCredentials("nurse-station", "right")
        .WithCleanStart(false)
        .WithSessionExpiryInterval(3600)
        .WithTlsOptions(tls => tls.WithTrustChain(_certificates.TrustChain).WithRevocationMode(X509RevocationMode.NoCheck))
        .Build();

    /// <summary>Sends CONNECT of MQTT 5 by hand (its section 3.1) and gives the reason code of CONNACK.</summary>
    private async Task<int> WebSocketConnectAsync(string user, string password)
    {
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("mqtt");
        socket.Options.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate!.Issuer == _certificates.Authority.Subject;
        using var patience = new CancellationTokenSource(Patience);
        await socket.ConnectAsync(new Uri($"wss://localhost:{_webPort}/mqtt"), patience.Token);
        static byte[] Text(string text) => [0, (byte)text.Length, .. Encoding.UTF8.GetBytes(text)];
        byte[] body = [.. Text("MQTT"), 5, 0b1100_0010, 0, 30, 0, .. Text("browser"), .. Text(user), .. Text(password)];
        await socket.SendAsync(new byte[] { 0x10, (byte)body.Length }.Concat(body).ToArray(), WebSocketMessageType.Binary, endOfMessage: true, patience.Token);
        var answer = new byte[64];
        var received = await socket.ReceiveAsync(answer, patience.Token);
        Assert.True(received.Count >= 4 && answer[0] == 0x20);
        return answer[3];
    }
}
