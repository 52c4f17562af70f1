using System.CommandLine;
using System.Globalization;
using EcgFm.Core;
using EcgFm.Model.Checkpoints;
using EcgFm.Model.Packages;

namespace EcgFm.Edge.Commands;

/// <summary><c>model info</c>: what a package or a checkpoint is.</summary>
internal static class ModelInfoCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("DIR|CHECKPOINT") { Description = "The folder of a model package, or a checkpoint." };
        var command = new Command("info", "Show sizes, labels, precision, provenance and checksums.") { path };
        command.SetAction((parsed, stop) => Guard.RunAsync(async () =>
        {
            var given = parsed.GetRequiredValue(path);
            foreach (var line in Directory.Exists(given) ? Package(ModelPackage.Load(given)) : Checkpoint(given))
                await Console.Out.WriteLineAsync(line).ConfigureAwait(false);
        }, stop));
        return command;
    }

    private static IEnumerable<string> Package(ModelPackage package)
    {
        yield return $"package     {package.Identity.Name} {package.Identity.Version}, {package.Identity.Precision}";
        yield return Text($"network     {Path.GetFileName(package.NetworkFile)}, {new FileInfo(package.NetworkFile).Length / 1e6:f1} MB, SHA-256 {package.Identity.Sha256} (checked)");
        yield return $"made of     {package.Provenance.Checkpoint}, SHA-256 {package.Provenance.Sha256}, by {package.Provenance.Converter}";
        foreach (var line in Sizes(package.Architecture)) yield return line;
        yield return $"input       {StandardLeads.Count} leads, {EcgWindow.SampleRate} Hz, filter: {package.Filter}{(package.Views == LeadViews.Whole ? "" : "; shown as a whole and in parts")}";
        yield return Text($"conversion  against fp32 on {package.Conversion.Segments} segments ({package.Conversion.Source}): logits {package.Conversion.Logits.Max:g3} max, {package.Conversion.Logits.Rms:g3} rms; embedding {package.Conversion.Embedding.Max:g3}, {package.Conversion.Embedding.Rms:g3}; saliency {package.Conversion.Saliency.Max:g3}, {package.Conversion.Saliency.Rms:g3}");
        yield return Text($"self-test   {package.SelfTest.Segments} segments, within {package.SelfTest.Tolerance:g3}");
        foreach (var label in package.Labels)
            yield return Text($"label       {label.Name} ({(label.Aggregation == LabelAggregation.Max ? "max" : "mean")}, from {label.Threshold:g3}{(label.Snomed is null ? "" : ", SNOMED CT " + label.Snomed)}{(label.Mdc is null ? "" : ", " + label.Mdc)})");
    }

    private static List<string> Checkpoint(string path)
    {
        using var checkpoint = EcgFm.Model.Checkpoints.Checkpoint.Open(path);
        return
        [
            Text($"checkpoint  {checkpoint.Path}, {checkpoint.FileLength / 1e6:f1} MB"),
            .. Sizes(checkpoint.Architecture),
            Text($"labels      {checkpoint.Architecture.Labels}"),
            .. checkpoint.Parts.Select(part => Text($"holds       {part.Name}: {part.Kind}{(part.Tensors == 0 ? "" : Text($", {part.Tensors} tensors, {part.Bytes / 1e6:f1} MB"))}")),
        ];
    }

    private static IEnumerable<string> Sizes(NetworkArchitecture sizes)
    {
        yield return Text($"parameters  {sizes.TensorShapes().Sum(t => t.Value.Aggregate(1L, (a, b) => a * b)):n0}, {sizes.FlopPerSegment * 2 / 1e9:f2} GFLOP a window");
        yield return $"convolution {string.Join(", ", sizes.Convolutions.Select(c => $"{c.Channels} of {c.Kernel} every {c.Stride}"))}: {sizes.Tokens} tokens a segment";
        yield return $"transformer {sizes.Layers} layers of width {sizes.Width}, {sizes.Heads} heads, feed-forward {sizes.FeedForward}, positional kernel {sizes.PositionalKernel} in {sizes.PositionalGroups} groups";
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
