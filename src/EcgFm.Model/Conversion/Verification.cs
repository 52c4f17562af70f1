using EcgFm.Model.Packages;

namespace EcgFm.Model.Conversion;

/// <summary>The outcome of a verification.</summary>
/// <param name="Package">What was verified.</param>
/// <param name="Provider">What ran it.</param>
/// <param name="Segments">How many segments the reference has.</param>
/// <param name="Outputs">Each output that the reference has.</param>
public sealed record Verification(ModelPackage Package, string Provider, int Segments, IReadOnlyList<VerifiedOutput> Outputs)
{
    /// <summary>Whether every output is within its tolerance.</summary>
    public bool Passed => Outputs.All(o => o.Passed);
}
