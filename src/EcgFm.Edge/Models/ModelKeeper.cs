using EcgFm.Model;
using EcgFm.Model.Inference;
using EcgFm.Model.Packages;
using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;

namespace EcgFm.Edge.Models;

/// <summary>
/// Keeps the slot filled with the network that is meant to be in use: loads it (checksums, warm-up, self-test), and when another package stands in its place
/// loads that one beside it and swaps them. A package that cannot be used changes nothing but the log.
/// </summary>
/// <param name="locate">The folder of the package that is meant to be in use; links are followed.</param>
/// <param name="load">Loads a package.</param>
/// <param name="slot">Where the network is used.</param>
/// <param name="logger">Hears of each change.</param>
/// <param name="changed">Called after each change of the slot.</param>
internal sealed class ModelKeeper(Func<string> locate, Func<string, EcgModel> load, ModelSlot slot, ILogger logger, Action? changed = null)
{
    /// <summary>How often it looks whether another package is meant.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    private (string Folder, DateTime Written) _seen;

    /// <summary>Looks at once, and then again and again.</summary>
    public async Task RunAsync(TimeProvider time, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            do Look();
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // The daemon stops.
        }
    }

    /// <summary>Loads and swaps when the folder is another one, or its manifest was written anew, since the last look.</summary>
    public void Look()
    {
        var folder = locate();
        try
        {
            folder = new DirectoryInfo(folder).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder;
            var found = (folder, File.GetLastWriteTimeUtc(Path.Combine(folder, ModelPackage.ManifestName)));
            if (found == _seen) return;
            _seen = found;

            var before = slot.Current is null ? null : slot.Description;
            var model = load(folder);
            slot.Take(model);
            logger.LogInformation("The network is {Model} on {Provider}, loaded and tested in {Seconds:f2} s{Before}.", slot.Description, model.Provider, model.LoadTime.TotalSeconds, before is null ? "" : $"; it was {before}");
        }
        catch (Exception fault) when (fault is ModelFileException or OnnxRuntimeException or IOException or UnauthorizedAccessException or TypeInitializationException or DllNotFoundException)
        {
            var reason = fault.GetBaseException() is DllNotFoundException missing ? missing.Message : fault.Message;
            slot.Explain(reason);
            if (slot.Current is null) logger.LogError("There is no network, and monitoring goes on with beats and leads alone: {Reason}", reason);
            else logger.LogError("{Model} stays in use, for the package in {Folder} cannot be used: {Reason}", slot.Description, folder, reason);
        }

        changed?.Invoke();
    }
}
