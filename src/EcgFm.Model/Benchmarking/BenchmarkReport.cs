namespace EcgFm.Model.Benchmarking;

/// <summary>What was measured.</summary>
/// <param name="Processor">The processor's name.</param>
/// <param name="Threads">Threads of one run.</param>
/// <param name="Batch">Windows in one run.</param>
/// <param name="Figures">The package, and the one that it was measured against.</param>
/// <param name="PeakFp32">The fastest float32 matrix product seen, in 10⁹ operations per second; null where the provider is no processor.</param>
/// <param name="PeakInt8">The fastest u8 × s8 matrix product seen, in 10⁹ operations per second; null where the provider is no processor.</param>
/// <param name="PeakMemory">The most memory that the process had, in bytes; null where the system does not tell, and with two packages it is that of both.</param>
public sealed record BenchmarkReport(string Processor, int Threads, int Batch, IReadOnlyList<PackageFigures> Figures, double? PeakFp32, double? PeakInt8, long? PeakMemory)
{
    /// <summary>How many times as fast the first package is, by the medians of alternating runs; null without a second.</summary>
    public double? Ratio => Figures.Count > 1 ? Figures[1].Median / Figures[0].Median : null;
}
