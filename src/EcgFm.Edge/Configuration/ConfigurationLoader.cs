using System.Globalization;
using System.Text.Json;
using EcgFm.Acquisition;
using EcgFm.Acquisition.Simulation;
using EcgFm.Core;
using EcgFm.Edge.Models;
using EcgFm.Model.Inference;
using EcgFm.Telemetry;
using Microsoft.Extensions.Configuration;

namespace EcgFm.Edge.Configuration;

/// <summary>Reads the configuration and says all that is wrong with it at once.</summary>
public static class ConfigurationLoader
{
    /// <summary>The prefix of environment variables that stand over the file: <c>ECGFM_EDGE_mqtt__url</c> is <c>mqtt:url</c>.</summary>
    public const string EnvironmentPrefix = "ECGFM_EDGE_";

    /// <summary>Reads a JSON file and the environment.</summary>
    /// <exception cref="ConfigurationException">A value is missing, unknown or not allowed, or the file cannot be read.</exception>
    public static EdgeConfiguration Load(string path)
    {
        if (!File.Exists(path)) throw new ConfigurationException([$"--config is \"{path}\"; allowed is a JSON file that exists"]);
        try
        {
            return Read(new ConfigurationBuilder()
                .AddJsonFile(Path.GetFullPath(path), optional: false)
                .AddEnvironmentVariables(EnvironmentPrefix)
                .Build());
        }
        catch (Exception fault) when (fault is UnauthorizedAccessException or IOException)
        {
            throw new ConfigurationException([$"--config is \"{path}\"; allowed is a file that this user can read ({fault.Message})"]);
        }
        catch (InvalidDataException fault)
        {
            var cause = fault.GetBaseException();
            var line = cause is JsonException { LineNumber: { } number } ? $" in line {number + 1}" : "";
            throw new ConfigurationException([$"{path} is no valid JSON{line}: {cause.Message}"]);
        }
    }

    /// <summary>Reads settings from any source.</summary>
    /// <exception cref="ConfigurationException">A value is missing, unknown or not allowed.</exception>
    public static EdgeConfiguration Read(IConfiguration settings)
    {
        var errors = new List<string>();
        var root = new SettingsReader(settings, errors);
        var site = root.Text("site", TelemetryTopics.IsLevel, TelemetryTopics.LevelRule, null);
        var device = root.Text("device", TelemetryTopics.IsLevel, TelemetryTopics.LevelRule, "ecgfm-" + Environment.MachineName);
        var mqtt = BrokerSettings.Read(root.Section("mqtt"), $"{site}-{device}");
        var health = root.Section("health");
        var healthPort = health.Has("port") ? health.Integer("port", 0, 1, 65535) : (int?)null;
        var collector = health.Text("openTelemetry") is { } text ? Collector(health, text) : null;
        health.RejectUnknown();
        var dashboard = DashboardSettings.Read(root.Section("dashboard"), mqtt.TopicRoot);
        var model = root.Section("model");
        var modelPath = model.Text("path", Directory.Exists, "the folder of a model package, which must exist", BundledModel.Path)!;
        var hasModelPath = model.Has("path");
        model.RejectUnknown();
        var (inference, library) = Inference(root.Section("inference"));
        var stateDirectory = root.Text("stateDirectory", _ => true, "a folder", Environment.GetEnvironmentVariable("STATE_DIRECTORY") ?? "state");
        var recording = root.Has("record") ? Recording(root.Section("record")) : null;
        var beds = root.List("beds").Select(Bed).ToList();
        if (beds.Count == 0) errors.Add("beds is missing; allowed is a list of at least one bed with a name and a source");
        foreach (var name in beds.GroupBy(bed => bed.Name).Where(same => same.Count() > 1 && same.Key.Length > 0).Select(same => same.Key))
            errors.Add($"beds has the name \"{name}\" more than once; each bed needs its own");
        DeviceSource.RejectSharedPorts(beds, errors);
        var rules = RuleReader.Read(root.List("rules"), errors);
        var alerts = root.Section("alerts");
        var longestPause = TimeSpan.FromSeconds(alerts.Number("longestPauseSeconds", 600, 1, 86400));
        alerts.RejectUnknown();
        root.RejectUnknown();

        if (errors.Count > 0) throw new ConfigurationException(errors);
        return new()
        {
            Topics = new TelemetryTopics(mqtt.TopicRoot, site!, device!),
            Broker = mqtt.Broker,
            WithWave = mqtt.Wave,
            HomeAssistant = mqtt.HomeAssistant,
            HealthPort = healthPort,
            OpenTelemetry = collector,
            Dashboard = dashboard,
            ModelPath = modelPath,
            Unattended = true,
            Store = hasModelPath ? null : new ModelStore(stateDirectory!),
            Inference = inference,
            InferenceLibrary = library,
            StateDirectory = stateDirectory!,
            Recording = recording,
            Beds = beds,
            Rules = rules,
            LongestPause = longestPause,
        };
    }

    private static Uri? Collector(SettingsReader health, string text)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https") return uri;
        health.Wrong("openTelemetry", text, "the address of a collector, such as http://localhost:4317 (gRPC) or http://localhost:4318/v1/metrics (HTTP)");
        return null;
    }

    private static RecordingConfiguration Recording(SettingsReader record)
    {
        var read = new RecordingConfiguration(
            record.Required("directory", "a folder for recordings"),
            record.OptionalNumber("maxGigabytes", 0.1, 1e6),
            record.OptionalNumber("maxDays", 0.1, 36500));
        record.RejectUnknown();
        return read;
    }

    private static (InferenceOptions Options, string? Library) Inference(SettingsReader inference)
    {
        var library = inference.Has("library") ? inference.Text("library", File.Exists, "the file of a native library of ONNX Runtime, which must exist", "") : null;
        var options = new InferenceOptions
        {
            Provider = inference.Choice("provider", ExecutionProvider.Auto),
            Threads = inference.Integer("threads", 1, 1, 64),
            MostWindows = inference.Integer("mostWindows", 8, 1, 64),
            HalfPrecision = inference.Flag("halfPrecision", false),
            CacheDirectory = inference.Has("cacheDirectory") ? inference.Text("cacheDirectory", Directory.Exists, "a folder, which must exist", null) : Environment.GetEnvironmentVariable("CACHE_DIRECTORY"),
        };
        inference.RejectUnknown();
        return (options, library);
    }

    private static BedConfiguration Bed(SettingsReader bed)
    {
        var name = bed.Text("name", TelemetryTopics.IsLevel, TelemetryTopics.LevelRule, null) ?? "";
        var hop = bed.Parse("hopSeconds", EcgWindow.Duration, "a number from 1 to 3600, in steps of 0.002", (string text, out TimeSpan value) =>
        {
            var right = double.TryParse(text, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 1 and <= 3600;
            value = TimeSpan.FromSeconds(right ? seconds : 1);
            return right && value.Ticks % (TimeSpan.TicksPerSecond / EcgWindow.SampleRate) == 0;
        });
        var source = Source(bed.Section("source"));
        bed.RejectUnknown();
        return new(name, hop, source);
    }

    private static SourceConfiguration Source(SettingsReader source)
    {
        var type = source.Text("type", text => text is "device" or "record" or "simulator", "device, record or simulator", null);
        SourceConfiguration read = type switch
        {
            "device" => DeviceSource.Read(source),
            "record" => new SourceConfiguration.Record(
                source.Text("path", path => File.Exists(path) || File.Exists(path + ".hea"), "a WFDB record, which must exist", null) ?? "",
                Speed(source)),
            _ => new SourceConfiguration.Simulator(
                source.Parse("script", RhythmScript.Parse("sinus"), RhythmScript.Grammar, (string text, out RhythmScript script) => RhythmScript.TryParse(text, out script!)),
                source.Integer("seed", 1, 0, int.MaxValue),
                source.Number("sampleRate", 500, 50, 10000),
                Speed(source)),
        };
        if (type is not null) source.RejectUnknown();
        return read;
    }

    private static PlaybackSpeed Speed(SettingsReader source) =>
        source.Parse("speed", PlaybackSpeed.RealTime, "a factor such as 1 or 60, or max", (string text, out PlaybackSpeed speed) => PlaybackSpeed.TryParse(text, null, out speed));
}
