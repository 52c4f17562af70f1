using EcgFm.Acquisition;
using EcgFm.Edge.Health;
using Microsoft.Extensions.Logging;

namespace EcgFm.Edge;

/// <summary>A bed of the daemon: its monitor, and the watch that tells whether it makes progress.</summary>
/// <param name="monitor">The monitor.</param>
/// <param name="watch">The watch.</param>
/// <param name="logger">The bed's log.</param>
internal sealed class WatchedBed(Monitor monitor, BedWatch watch, ILogger logger) : IDisposable
{
    private readonly IDisposable _counts = monitor.Interpretations.Subscribe(watch.Count);
    private readonly IDisposable _moves = monitor.Vitals.Subscribe(_ => watch.Moved());

    /// <summary>The monitor.</summary>
    public Monitor Monitor => monitor;

    /// <summary>The watch.</summary>
    public BedWatch Watch => watch;

    /// <summary>Runs until the source has ended, or until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await monitor.RunAsync(stop).ConfigureAwait(false);
            watch.Lost("The source has ended.");
        }
        catch (Exception fault) when (!stop.IsCancellationRequested)
        {
            // At once: other beds may go on for days before anybody hears of it by the exit code.
            watch.Lost(fault.Message);
            logger.LogError("Monitoring has ended: {Fault}", fault.Message);
            throw;
        }
    }

    /// <summary>What a device says of itself goes to the watch and the log.</summary>
    public static void Report(DeviceEvent change, BedWatch watch, ILogger logger)
    {
        switch (change)
        {
            case DeviceEvent.Connected:
                watch.Connected();
                logger.LogInformation("The device delivers.");
                break;
            case DeviceEvent.Lost lost:
                watch.Lost(lost.Message);
                logger.LogWarning("{Fault}", lost.Message);
                break;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _counts.Dispose();
        _moves.Dispose();
        monitor.Dispose();
    }
}
