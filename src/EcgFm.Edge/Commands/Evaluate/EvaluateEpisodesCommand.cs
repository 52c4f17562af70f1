using System.CommandLine;
using EcgFm.Alerts;
using EcgFm.Edge.Configuration;
using EcgFm.Edge.Output;
using EcgFm.Model.Inference;

namespace EcgFm.Edge.Commands.Evaluate;

/// <summary><c>evaluate episodes</c>: the alerts of whole records against their rhythm annotations.</summary>
internal static class EvaluateEpisodesCommand
{
    public static Command Create()
    {
        var records = EvaluateOptions.Records();
        var label = new Option<string>("--label")
        {
            Description = $"Which label's episodes: {string.Join(", ", EpisodeViews.Rhythms.Keys)}.",
            DefaultValueFactory = _ => RuleProbability.AtrialFibrillation,
            HelpName = "NAME",
        };
        var leads = EvaluateOptions.Leads();
        var model = CommonOptions.Model();
        var beats = EvaluateOptions.Beats();
        var folder = new Option<string?>("--out") { Description = "Write each record's test annotations (beats and rhythms, annotator \"ecgfm\") here, for WFDB's own epicmp and bxb.", HelpName = "DIR" };
        var svg = new Option<bool>("--svg") { Description = "Draw each record there too." };
        var json = new Option<bool>("--json") { Description = "One JSON object per record, and one per sum, on standard output." };
        var command = new Command("episodes", "Alerts against annotated rhythms, as WFDB's epicmp compares them.") { records, label, leads, model, beats, folder, svg, json };
        command.SetAction((parsed, stop) => Guard.RunAsync(async () =>
        {
            var name = parsed.GetRequiredValue(label);
            if (!EpisodeViews.Rhythms.ContainsKey(name))
                throw new ConfigurationException([$"--label is \"{name}\"; allowed is a label whose rhythm WFDB's annotations have: {string.Join(", ", EpisodeViews.Rhythms.Keys)}"]);
            if (parsed.GetValue(svg) && parsed.GetValue(folder) is null) throw new ConfigurationException(["--svg needs --out, the folder to draw into"]);
            var paths = RecordFolder.Find(parsed.GetRequiredValue(records));
            if (parsed.GetValue(folder) is { } made) Directory.CreateDirectory(made);
            using var network = EcgModel.Load(parsed.GetRequiredValue(model), new InferenceOptions { Threads = 1 });
            var views = EpisodeViews.Of(name, network.Labels);
            using var output = StandardOutput.Open(prompt: true);
            var report = new EpisodeReport(views, output, parsed.GetValue(json));
            report.Begin(network.Identity, parsed.GetValue(leads));
            await RecordFolder.JudgeAsync([.. paths.Select(path => (path, path))], async (_, record) =>
            {
                var reference = record.ReadAnnotations();
                RecordFolder.NameMissing(record, parsed.GetValue(leads));
                var run = await RecordRun.PlayAsync(record, parsed.GetValue(leads), new WithBeats(network), parsed.GetValue(beats), views.Rules, stop).ConfigureAwait(false);
                if (run.Windows.Count == 0) return false;
                report.Add(run, reference);
                if (parsed.GetValue(folder) is not { } target) return true;
                TestAnnotations.Of(run, views).Write(Path.Combine(target, record.Name + ".ecgfm"));
                if (parsed.GetValue(svg)) await File.WriteAllTextAsync(Path.Combine(target, record.Name + ".svg"), EpisodePicture.Draw(run, reference, views), stop).ConfigureAwait(false);
                return true;
            }, report.End, stop).ConfigureAwait(false);
        }, stop, interrupted: ExitCode.Failed));
        return command;
    }
}
