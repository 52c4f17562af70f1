using System.CommandLine;
using EcgFm.Edge.Configuration;
using EcgFm.Edge.Models;

namespace EcgFm.Edge.Commands;

/// <summary><c>model install</c> and <c>model rollback</c>: which package this box uses.</summary>
internal static class ModelInstallCommand
{
    public static Command CreateInstall()
    {
        var package = new Argument<string>("DIR") { Description = "The folder of a model package." };
        var config = CommonOptions.Config();
        var command = new Command("install", "Copy a package to this box, test it here, and use it from now on; a running daemon takes it between two windows.") { package, config };
        command.SetAction((parsed, stop) => Guard.RunAsync(async () =>
        {
            var configuration = ConfigurationLoader.Load(parsed.GetRequiredValue(config));
            // What the administrator leaves in the cache of engines the daemon's user could not write.
            configuration = configuration with { Inference = configuration.Inference with { CacheDirectory = null } };
            var store = StoreOf(configuration);
            var installed = store.Install(parsed.GetRequiredValue(package), folder => ModelLoading.Load(folder, configuration, Console.Error.WriteLine).Dispose());
            await Console.Out.WriteLineAsync($"{Name(installed.Identity)} passed its self-test on this device and is in use from now on. To go back: ecgfm-edge model rollback").ConfigureAwait(false);
        }, stop, interrupted: ExitCode.Failed));
        return command;
    }

    public static Command CreateRollback()
    {
        var config = CommonOptions.Config();
        var command = new Command("rollback", "Use the package again that was in use before; a second time leads forward again.") { config };
        command.SetAction((parsed, stop) => Guard.RunAsync(async () =>
        {
            var configuration = ConfigurationLoader.Load(parsed.GetRequiredValue(config));
            await Console.Out.WriteLineAsync($"{Name(StoreOf(configuration).Rollback().Identity)} is in use from now on.").ConfigureAwait(false);
        }, stop, interrupted: ExitCode.Failed));
        return command;
    }

    private static ModelStore StoreOf(EdgeConfiguration configuration) =>
        configuration.Store ?? throw new InvalidOperationException($"model:path names {configuration.ModelPath}, which stands over every installed package: take it out of the configuration first.");

    private static string Name(Core.ModelIdentity identity) => $"{identity.Name} {identity.Version} {identity.Precision}";
}
