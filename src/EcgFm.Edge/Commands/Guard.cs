using EcgFm.Acquisition.Profiles;
using EcgFm.Edge.Configuration;

namespace EcgFm.Edge.Commands;

/// <summary>Turns what a command may throw into sentences on standard error and an exit code: a user never sees a stack trace.</summary>
internal static class Guard
{
    /// <param name="action">What the command does.</param>
    /// <param name="stop">Cancelled by Ctrl-C or SIGTERM.</param>
    /// <param name="interrupted">
    /// What it is to be stopped: done for what goes on until somebody stops it, failed for what ends by itself and whose result nobody has then.
    /// </param>
    public static async Task<int> RunAsync(Func<Task> action, CancellationToken stop, int interrupted = ExitCode.Done)
    {
        try
        {
            // On another thread at once: a signal during a start that runs synchronously would find nobody to cancel.
            await Task.Run(action, CancellationToken.None).ConfigureAwait(false);
            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return interrupted;
        }
        catch (ConfigurationException fault)
        {
            foreach (var error in fault.Errors) await Console.Error.WriteLineAsync($"ecgfm-edge: {error}").ConfigureAwait(false);
            return ExitCode.WrongUsage;
        }
        catch (ProfileException fault)
        {
            foreach (var error in fault.Errors) await Console.Error.WriteLineAsync($"ecgfm-edge: {error}").ConfigureAwait(false);
            return ExitCode.WrongUsage;
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // A library that is missing shows itself as a type that could not be made.
            while (fault is TypeInitializationException { InnerException: { } inner }) fault = inner;
            await Console.Error.WriteLineAsync($"ecgfm-edge: {fault.Message}").ConfigureAwait(false);
            return ExitCode.Failed;
        }
    }
}
