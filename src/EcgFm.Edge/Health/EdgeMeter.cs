using System.Diagnostics.Metrics;

namespace EcgFm.Edge.Health;

/// <summary>The metrics of the daemon, for <c>/metrics</c> and OpenTelemetry alike.</summary>
internal sealed class EdgeMeter : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string Name = "EcgFm.Edge";

    private readonly Meter _meter = new(Name);

    public EdgeMeter(DeviceHealth health)
    {
        _meter.CreateObservableCounter("ecgfm.windows", () => health.Beds.Select(bed => Of(bed.Bed, bed.Windows)), description: "Windows interpreted.");
        _meter.CreateObservableCounter("ecgfm.windows.skipped", () => health.Beds.Select(bed => Of(bed.Bed, bed.SkippedWindows)), description: "Windows skipped because the device was too slow.");
        _meter.CreateObservableCounter("ecgfm.samples.missing", () => health.Beds.Select(bed => Of(bed.Bed, bed.MissingSamples)), description: "Missing samples at 500 Hz, of the lead that misses most.");
        _meter.CreateObservableCounter("ecgfm.inference.time", () => health.Beds.Select(bed => Of(bed.Bed, bed.InferenceTime.TotalSeconds)), "s", "Time that the network took.");
        _meter.CreateObservableGauge("ecgfm.source.connected", () => health.Beds.Select(bed => Of(bed.Bed, bed.Connected ? 1 : 0)), description: "Whether samples come: 1 or 0.");
        _meter.CreateObservableCounter("ecgfm.process.cpu.time", () => Environment.CpuUsage.TotalTime.TotalSeconds, "s", "Processor time of the daemon.");
        _meter.CreateObservableGauge("ecgfm.process.memory", () => (double)Environment.WorkingSet, "By", "Resident memory of the daemon.");
        _meter.CreateObservableGauge("ecgfm.temperature", () => Single(health.Temperature), "Cel", "The hottest thermal zone.");
        _meter.CreateObservableGauge("ecgfm.link.connected", () => Single(health.Telemetry is { } link ? link.Connected ? 1 : 0 : null), description: "Whether the broker answers: 1 or 0.");
        _meter.CreateObservableGauge("ecgfm.outbox.queued", () => Single(health.Telemetry?.Queued), description: "Messages that wait for the broker.");
        _meter.CreateObservableGauge("ecgfm.outbox.fill", () => Single(health.Telemetry?.Fill), description: "How much of the outbox is used, from 0 to 1.");
        _meter.CreateObservableCounter("ecgfm.outbox.discarded", () => Single(health.Telemetry?.Discarded), description: "Messages discarded because the outbox was full, they were too old, or the broker does not take them.");
        _meter.CreateObservableGauge("ecgfm.outbox.stored", () => Single(health.Telemetry is { } outbox ? outbox.StorageFault is null ? 1 : 0 : null), description: "Whether the disk takes what must not be lost: 1 or 0.");
    }

    /// <summary>The instruments, as a scrape reads them.</summary>
    public Meter Meter => _meter;

    public void Dispose() => _meter.Dispose();

    private static Measurement<double> Of(string bed, double value) => new(value, new KeyValuePair<string, object?>("bed", bed));

    private static IEnumerable<Measurement<double>> Single(double? value) => value is { } known ? [new(known)] : [];
}
