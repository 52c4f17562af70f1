using System.CommandLine;

namespace EcgFm.Edge.Commands;

/// <summary><c>model</c>: from a checkpoint to a proven package.</summary>
internal static class ModelCommand
{
    public static Command Create() => new("model", "Make, check, measure, show and install model packages.")
    {
        ModelConvertCommand.Create(),
        ModelVerifyCommand.Create(),
        ModelBenchCommand.Create(),
        ModelInfoCommand.Create(),
        ModelInstallCommand.CreateInstall(),
        ModelInstallCommand.CreateRollback(),
    };
}
