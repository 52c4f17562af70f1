namespace EcgFm.Edge.Health;

/// <summary>Measures what this process uses.</summary>
/// <param name="time">The clock.</param>
internal sealed class ProcessMeter(TimeProvider time)
{
    private long _last = time.GetTimestamp();
    private TimeSpan _cpu = Environment.CpuUsage.TotalTime;

    /// <summary>Resident memory in MiB.</summary>
    public static double MemoryMebibytes => Math.Round(Environment.WorkingSet / 1048576.0, 1);

    /// <summary>Processor time since the last call, in per cent of one core.</summary>
    public double CpuPercent()
    {
        var (cpu, now) = (Environment.CpuUsage.TotalTime, time.GetTimestamp());
        var elapsed = time.GetElapsedTime(_last, now);
        var percent = elapsed > TimeSpan.Zero ? Math.Round((cpu - _cpu) / elapsed * 100, 1) : 0;
        (_last, _cpu) = (now, cpu);
        return percent;
    }
}
