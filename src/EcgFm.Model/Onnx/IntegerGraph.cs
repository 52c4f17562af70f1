using System.Runtime.InteropServices;
using EcgFm.Model.Checkpoints;
using EcgFm.Model.Quantization;
using static EcgFm.Model.Onnx.OnnxGraph;
using DataType = EcgFm.Model.Onnx.Proto.TensorProto.Types.DataType;

namespace EcgFm.Model.Onnx;

/// <summary>
/// The network in 8 bits for processors: activations u8 with static scales, weights s8 with one scale per output. The linear layers are ONNX Runtime's
/// MatMulIntegerToFloat, which adds the bias and returns to float32 within the product; the positional convolution is a QLinearConv.
/// With static scales a segment's result does not depend on its batch mates.
/// </summary>
internal sealed class IntegerGraph(NetworkWeights weights, QuantizedNetwork network) : NetworkGraph(weights)
{
    protected override string Linear(string x, LinearLayer layer)
    {
        if (!network.Linears.TryGetValue(layer.Name, out var linear)) return base.Linear(x, layer);
        var (scale, zero) = Range(layer.Name + ".input", linear.Input);
        var weight = Graph.Tensor(layer.Name + ".s8", DataType.Int8, [layer.Inputs, layer.Outputs], () => Bytes(linear.Weight.Values));
        var scales = Graph.Floats(layer.Name + ".scales", [layer.Outputs], () => linear.Weight.Scales);
        var bias = Graph.Floats(layer.Name + ".bias", [layer.Outputs], () => linear.Bias);
        var quantized = Graph.Add("QuantizeLinear", [x, scale, zero]);
        return Graph.Add(OnnxGraph.Microsoft + ".MatMulIntegerToFloat", [quantized, weight, scale, scales, zero, "", bias]);
    }

    protected override string PositionalConvolution(string x)
    {
        var convolution = network.Positional;
        var (inputScale, inputZero) = Range("positional.input", convolution.Input);
        var (outputScale, outputZero) = Range("positional.output", convolution.Output);
        var weight = Graph.Tensor(TensorNames.Positional + "s8", DataType.Int8, [Sizes.Width, Sizes.Width / Sizes.PositionalGroups, Sizes.PositionalKernel], () => Bytes(convolution.Weight.Values));
        var scales = Graph.Floats(TensorNames.Positional + "scales", [Sizes.Width], () => convolution.Weight.Scales);
        var zeros = Graph.Tensor(TensorNames.Positional + "zeros", DataType.Int8, [Sizes.Width], () => new byte[Sizes.Width]);
        var bias = Graph.Tensor(TensorNames.Positional + "bias32", DataType.Int32, [Sizes.Width], () => Integers(convolution));
        var quantized = Transpose(Graph.Add("QuantizeLinear", [x, inputScale, inputZero]), 0, 2, 1);
        var y = Graph.Add("QLinearConv", [quantized, inputScale, inputZero, weight, scales, zeros, outputScale, outputZero, bias],
            Attribute("group", Sizes.PositionalGroups), Attribute("kernel_shape", [Sizes.PositionalKernel]), PositionalPadding());
        return Graph.Add("DequantizeLinear", [Transpose(y, 0, 2, 1), outputScale, outputZero]);
    }

    /// <summary>What is not quantised is stored in 16 bits and widened once, while the network is loaded: a megabyte less, for an error that 8 bits hide.</summary>
    protected override string Matrix(string name, DataType type, ReadOnlySpan<int> shape, Func<float[]> values) =>
        Cast(Graph.Halves(name, shape, values), DataType.Float16, type);

    protected override string Gelu(string x) => Graph.Add(OnnxGraph.Microsoft + ".Gelu", [x]);

    private (string Scale, string Zero) Range(string name, QuantizedRange range) =>
        (Graph.Scalar(name + ".scale", range.Scale), Graph.Tensor(name + ".zero", DataType.Uint8, [], () => [(byte)range.Zero]));

    private static byte[] Bytes(sbyte[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    /// <summary>The bias in steps of input scale times weight scale.</summary>
    private static byte[] Integers(QuantizedConvolution convolution)
    {
        var steps = new int[convolution.Bias.Length];
        for (var o = 0; o < steps.Length; o++) steps[o] = (int)Math.Round(convolution.Bias[o] / ((double)convolution.Input.Scale * convolution.Weight.Scales[o]));
        return MemoryMarshal.AsBytes(steps.AsSpan()).ToArray();
    }
}
