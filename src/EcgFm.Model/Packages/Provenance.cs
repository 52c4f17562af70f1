namespace EcgFm.Model.Packages;

/// <summary>Where a package came from.</summary>
/// <param name="Checkpoint">The file name of the checkpoint.</param>
/// <param name="Sha256">The SHA-256 of the checkpoint, in lower-case hexadecimal digits.</param>
/// <param name="Converter">What made the package, with its version.</param>
public sealed record Provenance(string Checkpoint, string Sha256, string Converter);
