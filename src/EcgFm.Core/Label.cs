namespace EcgFm.Core;

/// <summary>One of the outputs of a network.</summary>
/// <param name="Name">The name as ECG-FM's label definition has it, such as "Atrial fibrillation".</param>
/// <param name="Aggregation">How the segments of a window give one probability.</param>
/// <param name="Threshold">The probability from which the label counts as present, chosen on validation data; 0.5 where nobody chose.</param>
/// <param name="Snomed">The SNOMED CT concept, where there is one.</param>
/// <param name="Mdc">The ISO/IEEE 11073-10101 reference identifier, where there is one.</param>
public sealed record Label(
    string Name,
    LabelAggregation Aggregation = LabelAggregation.Mean,
    double Threshold = 0.5,
    string? Snomed = null,
    string? Mdc = null);
