using System.CommandLine;
using EcgFm.Acquisition.Simulation;
using EcgFm.Edge.Configuration;
using EcgFm.Edge.Output;

namespace EcgFm.Edge.Commands;

/// <summary><c>simulate</c>: a patient into a record, or through the flow.</summary>
internal static class SimulateCommand
{
    public static Command Create()
    {
        var script = new Option<RhythmScript>("--script")
        {
            Description = $"What the patient goes through: {RhythmScript.Grammar}.",
            HelpName = "SCRIPT",
            DefaultValueFactory = _ => RhythmScript.Parse("sinus:60s,af:60s,sinus:60s"),
            CustomParser = parsed =>
            {
                if (RhythmScript.TryParse(parsed.Tokens[0].Value, out var read)) return read;
                parsed.AddError($"--script is \"{parsed.Tokens[0].Value}\"; allowed is {RhythmScript.Grammar}");
                return null;
            },
        };
        var seed = new Option<int>("--seed") { Description = "Which patient; the same number is the same patient.", DefaultValueFactory = _ => 1, HelpName = "N" };
        var rate = CommonOptions.Number("--rate", "Samples per second.", "HZ", 50, 10000, 500);
        var record = new Option<string?>("--out") { Description = "Write a WFDB record with annotations instead of interpreting.", HelpName = "RECORD" };
        var speed = CommonOptions.Speed("max");
        var model = CommonOptions.Model();
        var mqtt = CommonOptions.Mqtt("Publish to this broker as the daemon would:");
        var json = CommonOptions.Json();
        var recording = CommonOptions.Record();
        var command = new Command("simulate", "Simulate a patient: into a WFDB record, or through the same flow as live data.") { script, seed, rate, record, speed, model, mqtt, json, recording };
        command.SetAction((parsed, stop) => Guard.RunAsync(async () =>
        {
            var patient = parsed.GetRequiredValue(script);
            if (parsed.GetValue(record) is { } path)
            {
                if (patient.Duration is null) throw new ConfigurationException([$"--script is \"{patient}\"; allowed with --out is one that ends"]);
                var written = SimulatedRecord.Write(path, patient, parsed.GetValue(seed), parsed.GetValue(rate), cancel: stop);
                await Console.Error.WriteLineAsync($"Wrote {written.HeaderPath}: {written.Duration.TotalSeconds:0.#} s of twelve leads.").ConfigureAwait(false);
                return;
            }

            if (patient.Duration is null && parsed.GetValue(speed).IsMax) throw new ConfigurationException([$"--script is \"{patient}\"; allowed with --speed max is one that ends"]);
            var source = new SourceConfiguration.Simulator(patient, parsed.GetValue(seed), parsed.GetValue(rate), parsed.GetValue(speed));
            var configuration = AdHocConfiguration.For(source, parsed.GetRequiredValue(model), parsed.GetValue(mqtt)) with { SkipWhenSlow = false, Recording = parsed.GetValue(recording) };
            using var output = StandardOutput.Open(prompt: !parsed.GetValue(speed).IsMax);
            await OneBed.RunAsync(configuration, parsed.GetValue(json) ? new JsonLines(output) : new TextLines(output), stop).ConfigureAwait(false);
        }, stop, interrupted: parsed.GetValue(record) is null ? ExitCode.Done : ExitCode.Failed));
        return command;
    }
}
