namespace EcgFm.Model.Quantization;

/// <summary>What a quantised graph has instead of the checkpoint's weights.</summary>
/// <param name="Linears">The linear layers of the transformer by their names in the graph.</param>
/// <param name="Positional">The positional convolution.</param>
internal sealed record QuantizedNetwork(IReadOnlyDictionary<string, QuantizedLinear> Linears, QuantizedConvolution Positional);
