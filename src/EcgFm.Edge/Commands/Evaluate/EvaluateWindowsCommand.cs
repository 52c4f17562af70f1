using System.CommandLine;
using System.Globalization;
using EcgFm.Core;
using EcgFm.Edge.Configuration;
using EcgFm.Edge.Output;
using EcgFm.Model.Inference;

namespace EcgFm.Edge.Commands.Evaluate;

/// <summary><c>evaluate windows</c>: each label against the truth of short records.</summary>
internal static class EvaluateWindowsCommand
{
    public static Command Create()
    {
        var records = EvaluateOptions.Records();
        var labels = new Option<string?>("--labels")
        {
            Description = "The truth: record,LABEL,… with 1, 0 or nothing; or record,class with PTB-XL's rhythm statements; or PhysioNet 2017's REFERENCE.csv. Without it: each window by the records' own annotations.",
            HelpName = "CSV",
        };
        var leads = EvaluateOptions.Leads();
        var model = CommonOptions.Model();
        var beats = EvaluateOptions.Beats();
        var json = new Option<bool>("--json") { Description = "One JSON object per label on standard output, and before them one per record or window." };
        var command = new Command("windows", "AUROC, AUPRC, sensitivity, specificity and F1 per label, with 95 % bootstrap intervals over the records.") { records, labels, leads, model, beats, json };
        command.SetAction((parsed, stop) => Guard.RunAsync(async () =>
        {
            var table = parsed.GetValue(labels) is { } file ? ReferenceTable.Read(file) : null;
            List<(ReferenceRow? Row, string Path)> paths = table is null
                ? [.. RecordFolder.Find(parsed.GetRequiredValue(records)).Select(path => ((ReferenceRow?)null, path))]
                : Locate(parsed.GetRequiredValue(records), parsed.GetValue(labels)!, table);
            using var network = EcgModel.Load(parsed.GetRequiredValue(model), new InferenceOptions { Threads = 1 });
            if (table is not null) RejectUnknownLabels(table, network.Package.Labels.Select(label => label.Name).ToHashSet());
            using var output = StandardOutput.Open(prompt: false);
            if (!parsed.GetValue(json))
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{network.Identity.Name} {network.Identity.Version} {network.Identity.Precision} · {paths.Count} records · leads {LeadsText(parsed.GetValue(leads))}"));

            var judged = new List<JudgedRecord>();
            await RecordFolder.JudgeAsync(paths, async (row, record) =>
            {
                var truth = row is null ? new WindowTruth(record, network.Labels) : null;
                RecordFolder.NameMissing(record, parsed.GetValue(leads));
                var run = await RecordRun.PlayAsync(record, parsed.GetValue(leads), network, parsed.GetValue(beats), [], stop).ConfigureAwait(false);
                if (run.Windows.Count == 0) return false;
                if (row is not null) judged.Add(new JudgedRecord(row, run.Windows));
                else judged.AddRange(run.Windows.Select(window => new JudgedRecord(truth!.Of(window), [window])));
                return true;
            }, () =>
            {
                var report = new WindowReport(judged, network.Labels);
                foreach (var line in parsed.GetValue(json) ? report.JsonLines() : report.TextLines()) output.WriteLine(line);
            }, stop).ConfigureAwait(false);
        }, stop, interrupted: ExitCode.Failed));
        return command;
    }

    private static string LeadsText(LeadSet leads) => leads == LeadSet.All ? "as recorded" : leads.ToString();

    private static List<(ReferenceRow? Row, string Path)> Locate(string folder, string file, ReferenceTable table)
    {
        _ = RecordFolder.Find(folder);
        List<(ReferenceRow? Row, string Path)> paths = [.. table.Rows.Select(row => ((ReferenceRow?)row, Path.Combine(folder, row.Record + ".hea")))];
        var missing = paths.Where(pair => !File.Exists(pair.Path)).Select(pair => pair.Row!.Record).ToList();
        return missing.Count == 0 ? paths : throw new ConfigurationException(
            [$"{file} names {missing.Count} records that are not in \"{folder}\" ({string.Join(", ", missing.Take(3))}{(missing.Count > 3 ? " …" : "")}); remove their rows or add {missing[0]}.hea"]);
    }

    /// <summary>A misspelt label would be left out in silence; labels of a class that this network lacks are left out as a matter of course.</summary>
    private static void RejectUnknownLabels(ReferenceTable table, HashSet<string> known)
    {
        if (!table.Labels.Any(known.Contains))
            throw new ConfigurationException([$"--labels has the labels {string.Join(", ", table.Labels)}; the network knows {string.Join(", ", known)}"]);
        foreach (var label in table.Labels.Where(label => !known.Contains(label)))
            Console.Error.WriteLine($"ecgfm-edge: the network does not know \"{label}\"; it is left out.");
    }
}
