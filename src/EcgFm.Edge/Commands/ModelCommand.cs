using System.CommandLine;
using EcgFm.Model.Conversion;
using EcgFm.Model.Packages;

namespace EcgFm.Edge.Commands;

/// <summary><c>model</c>: from a checkpoint to a proven package.</summary>
internal static class ModelCommand
{
    public static Command Create() => new("model", "Make and check model packages.") { Convert() };

    private static Command Convert()
    {
        var checkpoint = new Argument<string>("CHECKPOINT") { Description = "A checkpoint (.pt) as ECG-FM's authors save it." };
        var output = new Option<string>("--out") { Description = "The folder for the package.", Required = true, HelpName = "DIR" };
        var labels = new Option<string?>("--labels") { Description = "A JSON file with the labels; the seventeen of ECG-FM unless given.", HelpName = "FILE" };
        var name = new Option<string?>("--name") { Description = "The name of the package; the folder's unless given.", HelpName = "N" };
        var command = new Command("convert", "Turn a checkpoint into a model package.") { checkpoint, output, labels, name };
        command.SetAction((parsed, stop) => Guard.RunAsync(() => Task.Run(
            () =>
            {
                var options = new ConversionOptions
                {
                    Labels = parsed.GetValue(labels) is { } file ? LabelFile.Load(file) : null,
                    Name = parsed.GetValue(name),
                };
                ModelConverter.Convert(parsed.GetRequiredValue(checkpoint), parsed.GetRequiredValue(output), options, cancellation: stop);
            },
            stop)));
        return command;
    }
}
