namespace EcgFm.Telemetry.Messages;

/// <summary>The retained payload of <c>health</c>, every 30 seconds.</summary>
public sealed record HealthMessage
{
    /// <summary>Always "health".</summary>
    public string Type { get; } = "health";

    /// <summary>When it was measured.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>The network in use, as name, version and precision.</summary>
    public required string Model { get; init; }

    /// <summary>What the network runs on, such as "CPU".</summary>
    public required string Provider { get; init; }

    /// <summary>Messages that wait for the broker.</summary>
    public required int Queued { get; init; }

    /// <summary>Messages discarded since the start, because too many waited, they were too old, or the broker does not take them.</summary>
    public required long Discarded { get; init; }

    /// <summary>Why what must not be lost is in memory only; absent when the disk takes it.</summary>
    public string? StorageFault { get; init; }

    /// <summary>Processor time of the daemon since the last report, in per cent of one core.</summary>
    public required double CpuPercent { get; init; }

    /// <summary>Resident memory of the daemon, in MiB.</summary>
    public required double MemoryMebibytes { get; init; }

    /// <summary>The hottest part of the device in degrees Celsius, where it has a thermometer.</summary>
    public double? TemperatureCelsius { get; init; }

    /// <summary>Each bed's source.</summary>
    public required IReadOnlyList<BedHealth> Beds { get; init; }
}
