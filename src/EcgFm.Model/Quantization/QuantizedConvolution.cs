namespace EcgFm.Model.Quantization;

/// <summary>The positional convolution in 8 bits.</summary>
/// <param name="Input">How its input is written.</param>
/// <param name="Output">How its output is written.</param>
/// <param name="Weight">[width, width / groups, taps].</param>
/// <param name="Bias">The corrected bias.</param>
internal sealed record QuantizedConvolution(QuantizedRange Input, QuantizedRange Output, QuantizedWeights Weight, float[] Bias);
