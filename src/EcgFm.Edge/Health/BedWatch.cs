using EcgFm.Acquisition.Devices;
using EcgFm.Core;
using EcgFm.Telemetry.Messages;

namespace EcgFm.Edge.Health;

/// <summary>Counts what happens at one bed, for health report, metrics and watchdog. Safe to use from any thread.</summary>
/// <param name="bed">The bed.</param>
/// <param name="source">What its samples come from.</param>
/// <param name="hop">The time from window to window.</param>
/// <param name="time">The clock.</param>
internal sealed class BedWatch(string bed, string source, TimeSpan hop, TimeProvider time)
{
    /// <summary>Samples that come are judged every second once ten seconds are there. What takes this long has stopped somewhere.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    private readonly Lock _gate = new();
    private bool _connected;
    private string? _fault;
    private long _windows;
    private long _skipped;
    private long _missing;
    private TimeSpan _inferenceTime;
    private double? _inference;
    private long _moved = time.GetTimestamp();
    private long _interpreted = time.GetTimestamp();

    /// <summary>The device, if the source is one: what it counts belongs to the report.</summary>
    public EcgDevice? Device { get; init; }

    /// <summary>Whether the source gives windows to be interpreted; a sensor that counts beats gives none.</summary>
    public bool Analysed { get; init; } = true;

    /// <summary>Takes an interpretation.</summary>
    public void Count(Interpretation interpretation)
    {
        lock (_gate)
        {
            _windows++;
            _skipped = interpretation.SkippedWindows;
            _missing += interpretation.Input.Window.Missing.Max();
            _inferenceTime += interpretation.InferenceTime;
            _inference = Math.Round(interpretation.InferenceTime.TotalMilliseconds, 2);
            _moved = _interpreted = time.GetTimestamp();
        }
    }

    /// <summary>Samples have come through the first stages.</summary>
    public void Moved()
    {
        lock (_gate) _moved = time.GetTimestamp();
    }

    /// <summary>The source delivers.</summary>
    public void Connected()
    {
        lock (_gate)
        {
            if (!_connected) _moved = _interpreted = time.GetTimestamp();
            (_connected, _fault) = (true, null);
        }
    }

    /// <summary>The source has failed.</summary>
    public void Lost(string fault)
    {
        lock (_gate) (_connected, _fault) = (false, fault);
    }

    /// <summary>
    /// What has stopped although the source delivers, or null. A device that is not there is no standstill: it is being waited for, and a restart would not bring it.
    /// </summary>
    /// <param name="analysing">Whether there is a network: without one windows are not interpreted, and somebody hears of that elsewhere.</param>
    public string? Standstill(bool analysing)
    {
        lock (_gate)
        {
            if (!analysing || !Analysed) _interpreted = time.GetTimestamp();
            if (!_connected) return null;
            if (time.GetElapsedTime(_moved) > Patience) return $"{bed}: no samples have come through for {time.GetElapsedTime(_moved).TotalSeconds:0} s";
            return time.GetElapsedTime(_interpreted) > Patience + 3 * hop ? $"{bed}: no window has been interpreted for {time.GetElapsedTime(_interpreted).TotalSeconds:0} s" : null;
        }
    }

    /// <summary>What it has counted.</summary>
    public BedHealth Report()
    {
        lock (_gate) return new(bed, source, _connected, _fault, _windows, _skipped, _missing, _inference) { InferenceTime = _inferenceTime, Device = Device is null ? null : Health(Device.Statistics) };
    }

    private static DeviceCounts Health(DeviceStatistics device) =>
        new(device.Received, device.Interpolated, device.Missing, device.Duplicates, device.Late, device.Restarts, device.Frames.Bad, Math.Round(device.DriftPpm, 1));
}
