using System.CommandLine;
using System.Globalization;
using EcgFm.Model.Conversion;
using EcgFm.Model.Packages;

namespace EcgFm.Edge.Commands;

/// <summary><c>model convert</c>: a checkpoint into packages.</summary>
internal static class ModelConvertCommand
{
    public static Command Create()
    {
        var checkpoint = new Argument<string>("CHECKPOINT") { Description = "A checkpoint (.pt) as ECG-FM's authors save it." };
        var output = new Option<string>("--out") { Description = "The folder for the package; with several precisions, a folder of packages named after them.", Required = true, HelpName = "DIR" };
        var precisions = new Option<string[]>("--precision")
        {
            Description = "fp32, fp16 (for CUDA), int8 (for processors) or int8-qdq (for TensorRT); may be given several times.",
            HelpName = string.Join('|', Precisions.Names),
            DefaultValueFactory = _ => ["fp32"],
            AllowMultipleArgumentsPerToken = true,
        };
        precisions.AcceptOnlyFromAmong([.. Precisions.Names]);
        var calibrate = new Option<string[]>("--calibrate") { Description = "A WFDB record, or a folder of them, to calibrate 8-bit networks with; the simulator unless given.", HelpName = "RECORD|FOLDER", AllowMultipleArgumentsPerToken = true };
        var labels = new Option<string?>("--labels") { Description = "A JSON file with the labels; the seventeen of ECG-FM unless given.", HelpName = "FILE" };
        var name = new Option<string?>("--name") { Description = "The name of the package; the checkpoint's unless given.", HelpName = "N" };
        var version = new Option<string>("--package-version") { Description = "The version of the package.", HelpName = "N", DefaultValueFactory = _ => "1" };
        var command = new Command("convert", "Turn a checkpoint into model packages, and prove them equal.") { checkpoint, output, precisions, calibrate, labels, name, version };
        command.SetAction((parsed, stop) => Guard.RunAsync(async () =>
        {
            var wanted = parsed.GetRequiredValue(precisions).Distinct().Select(p => Precisions.TryParse(p, out var precision) ? precision : default).ToArray();
            var records = parsed.GetValue(calibrate) ?? [];
            var options = new ConversionOptions
            {
                Precisions = wanted,
                Labels = parsed.GetValue(labels) is { } file ? LabelFile.Load(file) : null,
                Name = parsed.GetValue(name),
                Version = parsed.GetRequiredValue(version),
                Calibration = records.Length > 0 ? CalibrationWindows.FromRecords(records) : CalibrationWindows.Simulated(),
                CalibrationSource = records.Length > 0 ? "records: " + string.Join(", ", records.Select(r => Path.GetFileName(Path.TrimEndingDirectorySeparator(r)))) : "simulator",
            };
            var packages = await StageProgress.RunAsync(progress => ModelConverter.Convert(parsed.GetRequiredValue(checkpoint), parsed.GetRequiredValue(output), options, progress, stop)).ConfigureAwait(false);
            foreach (var package in packages) await Console.Out.WriteLineAsync(Line(package)).ConfigureAwait(false);
        }, stop, interrupted: ExitCode.Failed));
        return command;
    }

    private static string Line(ModelPackage package) => string.Create(
        CultureInfo.InvariantCulture,
        $"{package.Directory}: {package.Identity.Precision}, {new FileInfo(package.NetworkFile).Length / 1e6:f1} MB; against fp32 on {package.Conversion.Segments} segments ({package.Conversion.Source}): logits off by {package.Conversion.Logits.Max:g2} at most, {package.Conversion.Logits.Rms:g2} rms");
}
