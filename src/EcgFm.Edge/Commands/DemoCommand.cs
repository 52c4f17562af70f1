using System.CommandLine;
using EcgFm.Acquisition;
using EcgFm.Acquisition.Simulation;
using EcgFm.Edge.Configuration;
using EcgFm.Edge.Dashboard;
using EcgFm.Edge.Demo;
using EcgFm.Edge.Output;
using EcgFm.Telemetry;
using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace EcgFm.Edge.Commands;

/// <summary><c>demo</c>: everything at once, without hardware.</summary>
internal static class DemoCommand
{
    /// <summary>What the simulated patient does: long enough for the rule of three windows to begin and to end.</summary>
    private const string Script = "sinus:40s,af:80s,sinus:80s";

    public static Command Create()
    {
        var mqtt = CommonOptions.Mqtt("Use this broker instead of a Mosquitto of the demonstration's own:");
        var speed = CommonOptions.Speed("1");
        var model = CommonOptions.Model();
        var seconds = CommonOptions.Number("--seconds", "End after so many seconds; 0 is when the patient's story is told.", "N", 0, 86400, 0);
        var recording = CommonOptions.Record();
        var port = CommonOptions.Integer("--port", "The port of the page on this machine; 0 is a free one.", 0, 65535, 0);
        var command = new Command("demo", "A simulated patient goes from sinus rhythm into atrial fibrillation and back; the alerts shown have been through a real broker, and a page shows the bed.") { mqtt, speed, model, seconds, recording, port };
        command.SetAction((parsed, stop) => Guard.RunAsync(() => RunAsync(parsed.GetValue(mqtt), parsed.GetValue(speed), parsed.GetRequiredValue(model), parsed.GetValue(seconds), parsed.GetValue(recording), parsed.GetValue(port), stop), stop));
        return command;
    }

    private static async Task RunAsync(BrokerAddress? mqtt, PlaybackSpeed speed, string model, double seconds, RecordingConfiguration? recording, int port, CancellationToken stop)
    {
        if (speed.IsMax) throw new ConfigurationException(["--speed is \"max\"; allowed is a number, for the demonstration is to be watched"]);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (seconds > 0) end.CancelAfter(TimeSpan.FromSeconds(seconds));
        try
        {
            await RunAsync(mqtt, speed, model, repeat: seconds > 0, recording, port, end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Its seconds are over, or somebody has seen enough.
        }
    }

    private static async Task RunAsync(BrokerAddress? mqtt, PlaybackSpeed speed, string model, bool repeat, RecordingConfiguration? recording, int port, CancellationToken stop)
    {
        await using var own = mqtt is null ? await DemoBroker.StartAsync(stop).ConfigureAwait(false) : null;
        var broker = mqtt ?? own!.Address;
        var script = RhythmScript.Parse(repeat ? Script + ",repeat" : Script);
        var source = new SourceConfiguration.Simulator(script, Seed: 1, SampleRate: 500, speed);
        var configuration = AdHocConfiguration.For(source, model, broker) with { Recording = recording };

        // Which WebSocket a broker of the user's own has, the page asks.
        await using var page = DashboardHost.HasBundledPage
            ? await DashboardHost.StartAsync(new DashboardOptions { Port = port, Broker = own?.WebSocket, TopicRoot = configuration.Topics.Root }).ConfigureAwait(false)
            : null;
        var interactive = AnsiConsole.Profile.Capabilities.Ansi && !Console.IsOutputRedirected;
        // On a terminal the log would run through the picture.
        using var loggers = Logging.ToStandardError(interactive ? LogLevel.Error : LogLevel.Information);
        using var daemon = Daemon.Create(configuration, loggers);
        var monitor = daemon.Monitors.Single();
        var what = $"{daemon.Model.Description} on {daemon.Model.Provider}";
        var topic = configuration.Topics.Alert(monitor.Bed);
        if (interactive) await ShowViewAsync(daemon, monitor, new DemoView(what, broker.ToString(), page?.Address), broker, topic, stop).ConfigureAwait(false);
        else await ShowLinesAsync(daemon, monitor, what, broker, topic, page?.Address, stop).ConfigureAwait(false);
    }

    private static async Task ShowLinesAsync(Daemon daemon, Monitor monitor, string what, BrokerAddress broker, string topic, Uri? page, CancellationToken stop)
    {
        using var output = StandardOutput.Open(prompt: true);
        var lines = new TextLines(output);
        output.WriteLine($"EcgFm.Edge demonstration: research software, not a medical device. {what}. Alerts by {broker}, topic {topic}.");
        output.WriteLine(page is null ? "This program was built without the page." : $"The bed in a browser: {page}");
        await using var subscriber = await AlertSubscriber.SubscribeAsync(broker, topic, lines.Show, stop).ConfigureAwait(false);
        using var interpretations = monitor.Interpretations.Subscribe(value => lines.Show(value, monitor.Bed), _ => { });
        await daemon.RunAsync(stop).ConfigureAwait(false);
    }

    private static async Task ShowViewAsync(Daemon daemon, Monitor monitor, DemoView view, BrokerAddress broker, string topic, CancellationToken stop)
    {
        await using var subscriber = await AlertSubscriber.SubscribeAsync(broker, topic, view.Add, stop).ConfigureAwait(false);
        using var interpretations = monitor.Interpretations.Subscribe(view.Update, _ => { });
        using var vitals = monitor.Vitals.Subscribe(view.Update, _ => { });
        var running = daemon.RunAsync(stop);
        await AnsiConsole.Live(view.Render()).StartAsync(async live =>
        {
            while (!running.IsCompleted)
            {
                live.UpdateTarget(view.Render());
                await Task.WhenAny(running, Task.Delay(TimeSpan.FromMilliseconds(250), CancellationToken.None)).ConfigureAwait(false);
            }

            live.UpdateTarget(view.Render());
        }).ConfigureAwait(false);
        await running.ConfigureAwait(false);
    }
}
