using System.CommandLine;
using EcgFm.Acquisition;
using EcgFm.Acquisition.Profiles;
using EcgFm.Acquisition.Transports;
using EcgFm.Edge.Configuration;
using EcgFm.Edge.Output;

namespace EcgFm.Edge.Commands;

/// <summary><c>replay</c>: a record, or the recorded bytes of a device, through the whole flow.</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        var record = new Argument<string>("RECORD") { Description = "A WFDB record, with or without the extension .hea, or the bytes of a device as 'run --record-raw' has kept them." };
        var speed = CommonOptions.Speed("max");
        var profile = new Option<string?>("--profile") { Description = "The profile of the device whose bytes these are; the one that the recording names unless given.", HelpName = "NAME|FILE" };
        var model = CommonOptions.Model();
        var mqtt = CommonOptions.Mqtt("Publish to this broker as the daemon would:");
        var json = CommonOptions.Json();
        var recording = CommonOptions.Record();
        var command = new Command("replay", "Play a recording through the same flow as live data and show its interpretations and alerts.") { record, speed, profile, model, mqtt, json, recording };
        command.SetAction((parsed, stop) => Guard.RunAsync(async () =>
        {
            var source = Source(parsed.GetRequiredValue(record), parsed.GetValue(profile), parsed.GetValue(speed));
            var configuration = AdHocConfiguration.For(source, parsed.GetRequiredValue(model), parsed.GetValue(mqtt)) with { SkipWhenSlow = false, Recording = parsed.GetValue(recording) };
            using var output = StandardOutput.Open(prompt: !parsed.GetValue(speed).IsMax);
            await OneBed.RunAsync(configuration, parsed.GetValue(json) ? new JsonLines(output) : new TextLines(output), stop).ConfigureAwait(false);
        }, stop));
        return command;
    }

    private static SourceConfiguration Source(string path, string? profile, PlaybackSpeed speed)
    {
        var recording = RawFileTransport.IsRecording(path) ? new RawFileTransport(path) : null;
        if ((profile ?? recording?.Profile) is not { } name) return new SourceConfiguration.Record(path, speed);
        var board = ProfileCatalog.Default.Find(name);
        if (!board.KnownFraming.GivesEcg) throw new ConfigurationException([$"--profile is \"{name}\"; allowed is the profile of a device that gives ECG"]);
        return new SourceConfiguration.RawFile(path, recording is { TestsLeads: true } && board.LeadOffTest is not null ? board.WithLeadOffTest() : board, speed);
    }
}
