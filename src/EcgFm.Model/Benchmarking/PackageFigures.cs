using EcgFm.Model.Packages;

namespace EcgFm.Model.Benchmarking;

/// <summary>What was measured of one package.</summary>
/// <param name="Package">The package.</param>
/// <param name="Provider">What ran it.</param>
/// <param name="FileBytes">The size of the network's file.</param>
/// <param name="Load">How long opening the package and the network took, checksums included.</param>
/// <param name="Runs">How many runs were measured.</param>
/// <param name="Median">The median time of one window.</param>
/// <param name="Percentile95">The time of one window that 95 % of the runs kept.</param>
/// <param name="GigaFlops">10⁹ multiplications and additions per second at the median.</param>
/// <param name="PeakShare">That rate as a share of the measured peak of matrix products of this precision on this machine, or null where it was not measured.</param>
public sealed record PackageFigures(ModelPackage Package, string Provider, long FileBytes, TimeSpan Load, int Runs, TimeSpan Median, TimeSpan Percentile95, double GigaFlops, double? PeakShare);
