namespace EcgFm.Model.Quantization;

/// <summary>A linear layer in 8 bits.</summary>
/// <param name="Input">How its input is written.</param>
/// <param name="Weight">[inputs, outputs].</param>
/// <param name="Bias">The corrected bias.</param>
internal sealed record QuantizedLinear(QuantizedRange Input, QuantizedWeights Weight, float[] Bias);
