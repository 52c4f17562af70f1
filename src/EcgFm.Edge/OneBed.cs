using EcgFm.Edge.Configuration;
using EcgFm.Edge.Output;

namespace EcgFm.Edge;

/// <summary>Runs a daemon with one bed in the foreground and shows what it says.</summary>
internal static class OneBed
{
    /// <exception cref="IOException">Alerts were left that the broker never acknowledged.</exception>
    public static async Task RunAsync(EdgeConfiguration configuration, IMonitorOutput output, CancellationToken stop)
    {
        using var loggers = Logging.ToStandardError();
        using var daemon = Daemon.Create(configuration, loggers);
        var monitor = daemon.Monitors.Single();
        // An error of the source reaches the caller through RunAsync.
        using var interpretations = monitor.Interpretations.Subscribe(value => output.Show(value, monitor.Bed), _ => { });
        using var alerts = monitor.Alerts.Subscribe(output.Show, _ => { });
        await daemon.RunAsync(stop).ConfigureAwait(false);
        if (daemon.Undelivered > 0)
            throw new IOException($"{daemon.Undelivered} messages were not delivered: the broker {configuration.Broker!.Address} did not acknowledge them.");
    }
}
