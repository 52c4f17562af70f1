using System.CommandLine;
using EcgFm.Acquisition;
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

    /// <summary>The broker's address.</summary>
    public static Option<BrokerAddress?> Mqtt(string description) => new("--mqtt")
    {
        Description = $"{description} {BrokerAddress.Rule}.",
        HelpName = "URL",
        CustomParser = parsed =>
        {
            if (BrokerAddress.TryParse(parsed.Tokens[0].Value, out var address)) return address;
            parsed.AddError($"--mqtt is \"{parsed.Tokens[0].Value}\"; allowed is {BrokerAddress.Rule}");
            return null;
        },
    };

    /// <summary>Lines for machines.</summary>
    public static Option<bool> Json() => new("--json") { Description = "One JSON object per line on standard output; \"type\" tells interpretation from alert." };

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
