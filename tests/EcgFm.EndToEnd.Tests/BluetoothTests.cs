using System.Globalization;
using System.Reactive.Linq;
using System.Text.Json;
using EcgFm.Acquisition;
using EcgFm.Acquisition.Simulation;
using EcgFm.Core;
using EcgFm.Testing;
using EcgFm.Testing.Bluetooth;

namespace EcgFm.EndToEnd.Tests;

/// <summary>Radios in, messages at a real broker out, through the daemon in its own process; BlueZ is a stand-in on a private bus.</summary>
public sealed class BluetoothTests : IAsyncLifetime
{
    private const int Terminate = 15;

    /// <summary>Linux has been seen to drop a strap after 150 s: ECGFM_DROP_SECONDS=150 waits that long here, and virtual time does in the tests of the acquisition.</summary>
    private static readonly int DropSeconds = int.Parse(Environment.GetEnvironmentVariable("ECGFM_DROP_SECONDS") ?? "12", CultureInfo.InvariantCulture);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ecgfm-radio-");
    private readonly Contract _contract = new();
    private readonly CancellationTokenSource _end = new();
    private MosquittoBroker _broker = null!;
    private MessageBus _bus = null!;
    private Station _station = null!;
    private Task _sending = Task.CompletedTask;

    public async Task InitializeAsync()
    {
        _broker = await MosquittoBroker.StartAsync();
        _bus = await MessageBus.StartAsync();
        _station = await Station.OpenAsync(_broker);
    }

    public async Task DisposeAsync()
    {
        await _end.CancelAsync();
        await _sending;
        _end.Dispose();
        await _station.DisposeAsync();
        await _bus.DisposeAsync();
        await _broker.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_strap_becomes_waves_and_interpretations_and_every_way_to_lose_it_an_alert()
    {
        var lead = await SimulatedAsync("sinus@72", EmulatedH10.Rate);
        var strap = new EmulatedH10 { Source = i => (int)(1000 * lead[i % lead.Length]) };
        await using var bluez = await StandInBlueZ.StartAsync(_bus.Address, strap);
        var raw = Path.Combine(_folder.FullName, "raw");
        await using var daemon = Start("polar-h10", strap, "--record-raw", raw);
        Send(TimeSpan.FromSeconds((double)EmulatedH10.SamplesPerPacket / EmulatedH10.Rate), () => strap.SendPacket());

        Assert.True((await _station.NextMessageAsync("/bed-1/wave")).Payload.Length > 0);
        var (window, _) = await _station.NextAsync("/bed-1/interpretation");
        Assert.Equal(0, window.GetProperty("quality").GetProperty("missingSamples").GetInt32());
        Assert.Equal(72, window.GetProperty("heartRate").GetDouble(), 3.0);
        // The first came after ten seconds of samples, and each is a second.
        for (var second = 10; second < DropSeconds; second++) Assert.Equal("ecg", (await _station.NextAsync("/bed-1/vitals")).Json.GetProperty("source").GetString());

        await LoseAsync("the Bluetooth connection was lost", bluez.Drop, () => { });
        await LoseAsync("the Bluetooth adapter was switched off", () => bluez.Power(false), () => bluez.Power(true));
        await LoseAsync("the device was removed from BlueZ", bluez.RemoveDevice, () => { });
        daemon.Signal(Terminate);
        Assert.Equal(0, await daemon.ExitAsync());
        Assert.False(strap.Streaming);

        // Each connection is a recording of its own; the first holds the window that was interpreted above.
        var recorded = Directory.GetFiles(raw).Order(StringComparer.Ordinal).First();
        var (code, output, errors) = await EdgeProcess.RunAsync("replay", recorded, "--json");
        Assert.True(code == 0, errors);
        var replayed = JsonDocument.Parse(output[0]).RootElement;
        Assert.Equal(window.GetProperty("start").GetDateTimeOffset(), replayed.GetProperty("start").GetDateTimeOffset(), TimeSpan.FromMilliseconds(10));
        Assert.Equal(window.GetProperty("labels").ToString(), replayed.GetProperty("labels").ToString());

        async Task LoseAsync(string words, Action lose, Action findAgain)
        {
            bluez.InReach = false;
            lose();
            var lost = await _station.NextAsync("/bed-1/alert", step => Is(step, "device-lost", "onset"));
            Assert.Contains(words, lost.GetProperty("detail").GetString(), StringComparison.Ordinal);
            findAgain();
            bluez.InReach = true;
            await _station.NextAsync("/bed-1/alert", step => Is(step, "device-lost", "cleared"));
        }
    }

    [Fact]
    public async Task A_front_end_behind_Nordics_UART_becomes_an_alert_about_its_patient()
    {
        var profile = VirtualBoard.Profile("ecgfm-ble");
        var front = new EmulatedUartBoard(profile);
        var rate = front.Board.SampleRate;
        var leads = await Task.WhenAll(Enumerable.Range(0, StandardLeads.Count).Select(lead => SimulatedAsync("tachy@130", rate, lead)));
        await using var bluez = await StandInBlueZ.StartAsync(_bus.Address, front);
        await using var daemon = Start("ecgfm-ble", front);
        var (at, millivolts) = (0, new double[StandardLeads.Count]);
        Send(TimeSpan.FromMilliseconds(100), () =>
        {
            if (!front.Listened) return;
            for (var i = 0; i < rate / 10; i++, at++)
            {
                for (var lead = 0; lead < millivolts.Length; lead++) millivolts[lead] = leads[lead][at % leads[lead].Length];
                front.Board.Sample(millivolts);
            }

            front.Flush();
        });

        Assert.True((await _station.NextMessageAsync("/bed-1/wave")).Payload.Length > 0);
        var alert = await _station.NextAsync("/bed-1/alert", step => Is(step, "tachycardia", "onset"));
        Assert.Equal(130, alert.GetProperty("heartRate").GetDouble(), 5.0);
        daemon.Signal(Terminate);
        Assert.Equal(0, await daemon.ExitAsync());
        Assert.False(front.Listened);
    }

    [Fact]
    public async Task A_heart_rate_sensor_becomes_vitals_that_say_so_and_alerts_and_never_a_window()
    {
        var sensor = new EmulatedHeartRate();
        await using var bluez = await StandInBlueZ.StartAsync(_bus.Address, sensor);
        await using var daemon = Start("heart-rate", sensor);
        var (random, contact) = (new Random(2), true);
        // Four times as fast as a heart: the box takes the sensor's word for the time between beats.
        Send(TimeSpan.FromMilliseconds(250), () => sensor.Say(130, Volatile.Read(ref contact), 0.3 + (0.4 * random.NextDouble()), 0.3 + (0.4 * random.NextDouble())));

        var fast = await _station.NextAsync("/bed-1/alert", step => Is(step, "tachycardia", "onset"));
        _contract.Check("alert", fast.GetRawText());
        Assert.False(fast.TryGetProperty("evidence", out _));
        var vitals = await _station.NextAsync("/bed-1/vitals", vitals => vitals.TryGetProperty("beats", out var beats) && beats.GetProperty("intervals").GetInt32() >= 20);
        _contract.Check("vitals", vitals.GetRawText());
        Assert.Equal(("heartRateSensor", 130.0, true), (vitals.GetProperty("source").GetString(), vitals.GetProperty("heartRate").GetDouble(), vitals.GetProperty("contact").GetBoolean()));
        Assert.Equal(12, vitals.GetProperty("absent").GetArrayLength());
        Assert.True(vitals.GetProperty("beats").GetProperty("atrialFibrillation").GetDouble() > 0.5);

        Volatile.Write(ref contact, false);
        var off = await _station.NextAsync("/bed-1/alert", step => Is(step, "leads-off", "onset"));
        Assert.Equal("The sensor does not touch the skin.", off.GetProperty("detail").GetString());
        bluez.InReach = false;
        bluez.Drop();
        var lost = await _station.NextAsync("/bed-1/alert", step => Is(step, "device-lost", "onset"));
        Assert.Contains("the Bluetooth connection was lost", lost.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Volatile.Write(ref contact, true);
        bluez.InReach = true;
        await _station.NextAsync("/bed-1/alert", step => Is(step, "device-lost", "cleared"));

        var health = (await _station.NextAsync("/health")).Json.GetProperty("beds")[0];
        Assert.Equal((true, 0), (health.GetProperty("connected").GetBoolean(), health.GetProperty("windows").GetInt32()));
        daemon.Signal(Terminate);
        Assert.Equal(0, await daemon.ExitAsync());
    }

    private static bool Is(JsonElement step, string code, string state) =>
        step.GetProperty("code").GetProperty("own").GetString() == code && step.GetProperty("state").GetString() == state;

    /// <summary>A minute of a simulated lead, in millivolts.</summary>
    private static async Task<float[]> SimulatedAsync(string script, double rate, int lead = 0)
    {
        var source = new SimulatorSource(RhythmScript.Parse(script + ":60s"), sampleRate: rate, speed: PlaybackSpeed.Max);
        return [.. await source.Blocks().Select(block => block.Channel(lead).ToArray()).SelectMany(samples => samples).ToList()];
    }

    private EdgeProcess Start(string profile, Peripheral device, params string[] more)
    {
        var file = Path.Combine(_folder.FullName, "edge.json");
        File.WriteAllText(file, $$"""
            {
              "site": "ward", "device": "box", "stateDirectory": "{{_folder.FullName}}",
              "mqtt": { "url": "mqtt://{{_broker.Host}}:{{_broker.Port}}", "wave": true },
              "beds": [ { "name": "bed-1", "source": { "type": "device", "profile": "{{profile}}", "address": "{{device.Address}}" } } ],
              "rules": [ { "code": "device-lost", "minimumSeconds": 0, "endAfterSeconds": 0 }, { "code": "leads-off", "minimumSeconds": 1 }, { "code": "tachycardia", "minimumSeconds": 1 } ]
            }
            """);
        return EdgeProcess.Start(new Dictionary<string, string> { ["DBUS_SYSTEM_BUS_ADDRESS"] = _bus.Address }, ["run", "--config", file, .. more]);
    }

    /// <summary>Sends again and again, by the clock and not by the sum of the waits.</summary>
    private void Send(TimeSpan every, Action send)
    {
        _sending = SendAsync();

        async Task SendAsync()
        {
            using var timer = new PeriodicTimer(every);
            try
            {
                while (await timer.WaitForNextTickAsync(_end.Token)) send();
            }
            catch (OperationCanceledException)
            {
                // The test is over.
            }
        }
    }
}
