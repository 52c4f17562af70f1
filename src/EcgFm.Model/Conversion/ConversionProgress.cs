namespace EcgFm.Model.Conversion;

/// <summary>How far a conversion is.</summary>
/// <param name="Stage">What is being done, such as "Writing int8".</param>
/// <param name="Fraction">The share of this stage that is done, from 0 to 1.</param>
public readonly record struct ConversionProgress(string Stage, double Fraction);
