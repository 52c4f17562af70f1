using EcgFm.Core;
using EcgFm.Model.Checkpoints;
using EcgFm.Model.Inference;
using EcgFm.Model.Packages;

namespace EcgFm.Model.Conversion;

/// <summary>Compares a package with reference vectors.</summary>
public static class ModelVerifier
{
    /// <summary>Runs the reference's inputs through the package's network and compares every output that the reference has.</summary>
    /// <param name="directory">The folder of the package.</param>
    /// <param name="reference">The folder of the vectors: with <c>shapes.json</c> as <c>make_checkpoint.py</c> writes it, or one <c>*.json</c> with a list <c>tensors</c>.</param>
    /// <param name="options">How to run the network.</param>
    /// <exception cref="ModelFileException">The package or the reference is not as it must be, or the two have other shapes.</exception>
    public static Verification Verify(string directory, string reference, InferenceOptions? options = null)
    {
        var package = ModelPackage.Load(directory);
        var vectors = ReferenceVectors.Load(reference, package.Architecture);
        using var session = new NetworkSession(package.NetworkFile, package.Architecture, EcgWindow.Length / NetworkArchitecture.SegmentLength, package.Precision, options ?? new());
        var found = session.Run(vectors.Inputs);
        var outputs = new List<VerifiedOutput>
        {
            Compare("logits", found.SelectMany(f => f.Logits), vectors.Logits, Precisions.LogitTolerance(package.Precision)),
        };
        // The labels rest on the logits; embedding and saliency are evidence beside them, and a precision that rounds may move them more.
        var loose = package.Precision == Precision.Fp32 ? new ErrorFigures(1e-4, 1e-4) : new(1, 0.15);
        if (vectors.Embedding is { } embedding) outputs.Add(Compare("embedding", found.SelectMany(f => f.Embedding), embedding, loose));
        if (vectors.Saliency is { } saliency) outputs.Add(Compare("saliency", found.SelectMany(f => f.Saliency), saliency, loose));
        return new(package, session.Provider, found.Count, outputs);
    }

    private static VerifiedOutput Compare(string name, IEnumerable<float> found, float[] expected, ErrorFigures tolerance) =>
        new(name, ErrorFigures.Between(found.ToArray(), expected), tolerance);
}
