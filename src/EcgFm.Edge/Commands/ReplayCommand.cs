using System.CommandLine;
using EcgFm.Edge.Configuration;
using EcgFm.Edge.Output;

namespace EcgFm.Edge.Commands;

/// <summary><c>replay</c>: a record through the whole flow.</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        var record = new Argument<string>("RECORD") { Description = "A WFDB record, with or without the extension .hea." };
        var speed = CommonOptions.Speed("max");
        var model = CommonOptions.Model();
        var mqtt = CommonOptions.Mqtt("Publish to this broker as the daemon would:");
        var json = CommonOptions.Json();
        var recording = CommonOptions.Record();
        var command = new Command("replay", "Play a WFDB record through the same flow as live data and show its interpretations and alerts.") { record, speed, model, mqtt, json, recording };
        command.SetAction((parsed, stop) => Guard.RunAsync(async () =>
        {
            var source = new SourceConfiguration.Record(parsed.GetRequiredValue(record), parsed.GetValue(speed));
            var configuration = AdHocConfiguration.For(source, parsed.GetRequiredValue(model), parsed.GetValue(mqtt)) with { SkipWhenSlow = false, Recording = parsed.GetValue(recording) };
            using var output = StandardOutput.Open(prompt: !parsed.GetValue(speed).IsMax);
            await OneBed.RunAsync(configuration, parsed.GetValue(json) ? new JsonLines(output) : new TextLines(output), stop).ConfigureAwait(false);
        }, stop));
        return command;
    }
}
