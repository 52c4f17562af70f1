using EcgFm.Model.Packages;

namespace EcgFm.Model.Conversion;

/// <summary>One output of a verification.</summary>
/// <param name="Name">logits, embedding or saliency.</param>
/// <param name="Error">How far it lies from the reference.</param>
/// <param name="Tolerance">The figures up to which it passes.</param>
public sealed record VerifiedOutput(string Name, ErrorFigures Error, ErrorFigures Tolerance)
{
    /// <summary>Whether both figures are within the tolerance.</summary>
    public bool Passed => Error.Within(Tolerance);
}
