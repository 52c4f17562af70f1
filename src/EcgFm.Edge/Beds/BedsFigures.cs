namespace EcgFm.Edge.Beds;

/// <summary>How a number of beds fared.</summary>
/// <param name="Beds">How many.</param>
/// <param name="Windows">Interpretations that came.</param>
/// <param name="Skipped">Windows that a newer one replaced before the network was free.</param>
/// <param name="Missing">Windows that were due and came to nothing else.</param>
/// <param name="Median">Half of the interpretations came within this time after the last sample of their window.</param>
/// <param name="Percentile95">95 % came within this time.</param>
/// <param name="Longest">All came within this time.</param>
/// <param name="CpuPercent">Processor time, in per cent of one core.</param>
/// <param name="MemoryMebibytes">Resident memory of the process, in MiB.</param>
internal sealed record BedsFigures(int Beds, int Windows, long Skipped, int Missing, TimeSpan Median, TimeSpan Percentile95, TimeSpan Longest, double CpuPercent, double MemoryMebibytes)
{
    /// <summary>Whether each window was interpreted before the next one was due.</summary>
    public bool Carried => Skipped == 0 && Missing == 0 && Longest < Core.EcgWindow.Duration;

    /// <summary>How many beds would take nine tenths of all cores.</summary>
    public int BedsByProcessor => (int)(Beds * 0.9 * 100 * Environment.ProcessorCount / Math.Max(CpuPercent, 0.1));
}
