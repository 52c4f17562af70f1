using System.CommandLine;
using EcgFm.Edge.Configuration;

namespace EcgFm.Edge.Commands;

/// <summary><c>run</c>: the daemon.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var config = new Option<string>("--config", "-c") { Description = "The configuration, a JSON file. Environment variables stand over it: ECGFM_EDGE_mqtt__url is mqtt:url.", Required = true };
        var recording = CommonOptions.Record();
        var recordRaw = new Option<string?>("--record-raw") { Description = "Keep every byte of every device in this folder, for 'replay FILE.raw'. Nothing is ever deleted.", HelpName = "DIR" };
        var command = new Command("run", "Monitor the beds of a configuration until told to stop (SIGTERM, Ctrl-C).") { config, recording, recordRaw };
        command.SetAction((parsed, stop) => Guard.RunAsync(async () =>
        {
            var configuration = ConfigurationLoader.Load(parsed.GetRequiredValue(config));
            if (parsed.GetValue(recording) is { } folder) configuration = configuration with { Recording = (configuration.Recording ?? folder) with { Directory = folder.Directory } };
            if (parsed.GetValue(recordRaw) is { } bytes) configuration = RecordRaw(configuration, bytes);
            using var loggers = Logging.ToStandardError();
            using var daemon = Daemon.Create(configuration, loggers);
            await daemon.RunAsync(stop).ConfigureAwait(false);
        }, stop));
        return command;
    }

    private static EdgeConfiguration RecordRaw(EdgeConfiguration configuration, string folder) => configuration with
    {
        Beds = [.. configuration.Beds.Select(bed => bed.Source is SourceConfiguration.Device device ? bed with { Source = device with { RecordRaw = Path.Combine(folder, bed.Name) } } : bed)],
    };
}
