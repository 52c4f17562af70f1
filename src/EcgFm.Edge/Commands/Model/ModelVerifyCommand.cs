using System.CommandLine;
using System.Globalization;
using EcgFm.Model.Conversion;

namespace EcgFm.Edge.Commands;

/// <summary><c>model verify</c>: a package against reference vectors.</summary>
internal static class ModelVerifyCommand
{
    public static Command Create()
    {
        var package = new Argument<string>("DIR") { Description = "The folder of a model package." };
        var reference = new Option<string>("--reference") { Description = "A folder with inputs and expected outputs.", Required = true, HelpName = "FOLDER" };
        var command = new Command("verify", "Compare a package with reference vectors; exit code 1 when it is off by more than its precision allows.") { package, reference };
        command.SetAction((parsed, stop) => Guard.RunAsync(async () =>
        {
            var result = await Task.Run(() => ModelVerifier.Verify(parsed.GetRequiredValue(package), parsed.GetRequiredValue(reference))).ConfigureAwait(false);
            await Console.Out.WriteLineAsync($"{result.Package.Identity.Name} {result.Package.Identity.Version}, {result.Package.Identity.Precision}, on {result.Provider}, {result.Segments} segments").ConfigureAwait(false);
            foreach (var output in result.Outputs)
                await Console.Out.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{output.Name,-10} max {output.Error.Max,-9:g3} (allowed {output.Tolerance.Max:g3})  rms {output.Error.Rms,-9:g3} (allowed {output.Tolerance.Rms:g3})  {(output.Passed ? "passed" : "FAILED")}")).ConfigureAwait(false);
            if (!result.Passed) throw new InvalidOperationException("the package is further from the reference than its precision allows");
        }, stop, interrupted: ExitCode.Failed));
        return command;
    }
}
