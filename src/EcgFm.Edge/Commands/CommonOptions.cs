using System.CommandLine;
using System.Globalization;
using EcgFm.Acquisition;
using EcgFm.Edge.Configuration;
using EcgFm.Telemetry;

namespace EcgFm.Edge.Commands;

/// <summary>Options that several commands have.</summary>
internal static class CommonOptions
{
    /// <summary>The folder of a model package; the bundled one unless given.</summary>
    public static Option<string> Model() => new("--model")
    {
        Description = "The folder of a model package.",
        DefaultValueFactory = _ => BundledModel.Path,
        HelpName = "DIR",
    };

    /// <summary>The configuration of the daemon; where the package puts it unless given.</summary>
    public static Option<string> Config() => new("--config", "-c")
    {
        Description = "The daemon's configuration.",
        DefaultValueFactory = _ => "/etc/ecgfm-edge/edge.json",
        HelpName = "FILE",
    };

    /// <summary>The broker's address.</summary>
    public static Option<BrokerAddress?> Mqtt(string description) => new("--mqtt")
    {
        Description = $"{description} {BrokerAddress.Rule}.",
        HelpName = "URL",
        CustomParser = parsed =>
        {
            var text = parsed.Tokens[0].Value;
            if (!BrokerAddress.TryParse(text, out var address)) parsed.AddError($"--mqtt is \"{text}\"; allowed is {BrokerAddress.Rule}");
            else if (address is { Tls: false, IsLoopback: false }) parsed.AddError($"--mqtt is \"{text}\"; allowed is mqtts:// for a broker on another machine");
            else return address;
            return null;
        },
    };

    /// <summary>Lines for machines.</summary>
    public static Option<bool> Json() => new("--json") { Description = "One JSON object per line on standard output; \"type\" tells interpretation from alert." };

    /// <summary>Where to record.</summary>
    public static Option<RecordingConfiguration?> Record() => new("--record")
    {
        Description = "Record what the source sends as WFDB, an hour in each file, with alerts and gaps as annotations (annotator edge).",
        HelpName = "DIR",
        CustomParser = parsed => new RecordingConfiguration(parsed.Tokens[0].Value),
    };

    /// <summary>A number within limits.</summary>
    public static Option<double> Number(string name, string description, string helpName, double least, double most, double fallback) => new(name)
    {
        Description = description,
        HelpName = helpName,
        DefaultValueFactory = _ => fallback,
        CustomParser = parsed =>
        {
            var text = parsed.Tokens[0].Value;
            if (double.TryParse(text, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most) return value;
            parsed.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} is \"{text}\"; allowed is a number from {least} to {most}"));
            return fallback;
        },
    };

    /// <summary>A whole number within limits.</summary>
    public static Option<int> Integer(string name, string description, int least, int most, int fallback) => new(name)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => fallback,
        CustomParser = parsed =>
        {
            var text = parsed.Tokens[0].Value;
            if (int.TryParse(text, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most) return value;
            parsed.AddError($"{name} is \"{text}\"; allowed is a whole number from {least} to {most}");
            return fallback;
        },
    };

    /// <summary>The pace of playback.</summary>
    public static Option<PlaybackSpeed> Speed(string fallback) => new("--speed")
    {
        Description = "How fast it is played: 1 is real time, 60 a minute per second, max as fast as possible.",
        HelpName = "1|N|max",
        DefaultValueFactory = _ => PlaybackSpeed.Parse(fallback),
        CustomParser = parsed =>
        {
            if (PlaybackSpeed.TryParse(parsed.Tokens[0].Value, null, out var speed)) return speed;
            parsed.AddError($"--speed is \"{parsed.Tokens[0].Value}\"; allowed is a positive number such as 1 or 60, or max");
            return default;
        },
    };
}
