namespace EcgFm.Model.Packages;

/// <summary>A few segments with the logits that the network must give for them on any device.</summary>
/// <param name="Segments">How many segments.</param>
/// <param name="Input">Input [segments × leads × 2500], standardised.</param>
/// <param name="Logits">Expected logits [segments × labels].</param>
/// <param name="Tolerance">The greatest difference that passes.</param>
public sealed record SelfTest(int Segments, float[] Input, float[] Logits, double Tolerance);
