using Microsoft.Extensions.Logging;

namespace EcgFm.Edge.Health;

/// <summary>
/// Gives systemd a sign of life as long as the samples of every bed make progress. It looks often, but a look alone feeds nothing: when a stage stands still while
/// its source delivers, the signs of life end, and systemd starts the daemon anew.
/// </summary>
/// <param name="service">Who hears it.</param>
/// <param name="health">What it looks at.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Hears when something stands still.</param>
internal sealed class Watchdog(ServiceManager service, DeviceHealth health, TimeProvider time, ILogger logger)
{
    private bool _still;

    /// <summary>Looks until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer((service.Watchdog ?? TimeSpan.FromSeconds(40)) / 4, time);
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

    private void Look()
    {
        var standstills = health.Standstills();
        if (standstills.Count == 0) service.Alive(Describe());
        else service.Status(string.Join("; ", standstills));
        if (standstills.Count > 0 && !_still) logger.LogError("It stands still, and the watchdog is not fed: {Standstills}.", string.Join("; ", standstills));
        _still = standstills.Count > 0;
    }

    private string Describe()
    {
        var beds = health.Beds.ToList();
        var queued = health.Telemetry is { } link ? link.Connected ? "broker connected" : $"broker lost, {link.Queued} messages wait" : "no broker";
        return $"{beds.Count(bed => bed.Connected)} of {beds.Count} sources deliver, {beds.Sum(bed => bed.Windows)} windows, {queued}";
    }
}
