namespace EcgFm.Core;

/// <summary>Which network gave an interpretation.</summary>
/// <param name="Name">The name of the model package.</param>
/// <param name="Version">Its version.</param>
/// <param name="Precision">fp32, fp16, int8 or int8-qdq.</param>
/// <param name="Sha256">The checksum of the network file, in lower-case hexadecimal digits.</param>
public sealed record ModelIdentity(string Name, string Version, string Precision, string Sha256);
