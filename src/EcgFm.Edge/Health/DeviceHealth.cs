using EcgFm.Edge.Models;
using EcgFm.Telemetry;
using EcgFm.Telemetry.Messages;

namespace EcgFm.Edge.Health;

/// <summary>How the whole device is: one view for the health topic, the metrics and the watchdog.</summary>
/// <param name="model">The network, if there is one.</param>
/// <param name="beds">The beds.</param>
/// <param name="condition">How the way to the broker is; null without a broker.</param>
/// <param name="time">The clock.</param>
internal sealed class DeviceHealth(ModelSlot model, IReadOnlyList<BedWatch> beds, Func<TelemetryCondition>? condition, TimeProvider time)
{
    private readonly ProcessMeter _meter = new(time);
    private readonly Thermometer _thermometer = new();

    /// <summary>The beds' counters.</summary>
    public IEnumerable<BedHealth> Beds => beds.Select(bed => bed.Report());

    /// <summary>How the way to the broker is; null without a broker.</summary>
    public TelemetryCondition? Telemetry => condition?.Invoke();

    /// <summary>The hottest part, in degrees Celsius.</summary>
    public double? Temperature => _thermometer.Celsius();

    /// <summary>What has stopped; none when all is well.</summary>
    public IReadOnlyList<string> Standstills() => [.. beds.Select(bed => bed.Standstill(analysing: model.Current is not null)).OfType<string>()];

    /// <summary>The report for the health topic; processor time counts from the report before.</summary>
    public HealthMessage Report()
    {
        var telemetry = Telemetry;
        return new()
        {
            Time = time.GetUtcNow(),
            Model = model.Description,
            Provider = model.Provider,
            Queued = telemetry?.Queued ?? 0,
            Discarded = telemetry?.Discarded ?? 0,
            StorageFault = telemetry?.StorageFault,
            CpuPercent = _meter.CpuPercent(),
            MemoryMebibytes = ProcessMeter.MemoryMebibytes,
            TemperatureCelsius = Temperature,
            Beds = [.. Beds],
        };
    }
}
