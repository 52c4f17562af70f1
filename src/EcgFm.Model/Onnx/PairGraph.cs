using System.Runtime.InteropServices;
using EcgFm.Model.Checkpoints;
using EcgFm.Model.Quantization;
using static EcgFm.Model.Onnx.OnnxGraph;
using DataType = EcgFm.Model.Onnx.Proto.TensorProto.Types.DataType;

namespace EcgFm.Model.Onnx;

/// <summary>
/// The network in 8 bits as pairs of QuantizeLinear and DequantizeLinear around float operators, all scales symmetric, in operators of the standard only:
/// the form that TensorRT takes ("explicit quantization" in its developer guide).
/// </summary>
internal sealed class PairGraph(NetworkWeights weights, QuantizedNetwork network) : NetworkGraph(weights)
{
    protected override bool ForProcessors => false;

    protected override string Linear(string x, LinearLayer layer)
    {
        if (!network.Linears.TryGetValue(layer.Name, out var linear)) return base.Linear(x, layer);
        var weight = Weight(layer.Name, linear.Weight, [layer.Inputs, layer.Outputs], axis: 1);
        var bias = Graph.Floats(layer.Name + ".bias", [layer.Outputs], () => linear.Bias);
        return Graph.Add("Add", [Graph.Add("MatMul", [Pair(layer.Name + ".input", x, linear.Input), weight]), bias]);
    }

    protected override string PositionalConvolution(string x)
    {
        var convolution = network.Positional;
        var weight = Weight(TensorNames.Positional, convolution.Weight, [Sizes.Width, Sizes.Width / Sizes.PositionalGroups, Sizes.PositionalKernel], axis: 0);
        var bias = Graph.Floats(TensorNames.Positional + "bias", [Sizes.Width], () => convolution.Bias);
        var y = Graph.Add("Conv", [Pair("positional.input", Transpose(x, 0, 2, 1), convolution.Input), weight, bias],
            Attribute("group", Sizes.PositionalGroups), Attribute("kernel_shape", [Sizes.PositionalKernel]), PositionalPadding());
        return Transpose(y, 0, 2, 1);
    }

    private string Pair(string name, string x, QuantizedRange range)
    {
        var scale = Graph.Scalar(name + ".scale", range.Scale);
        var zero = Graph.Tensor(name + ".zero", DataType.Int8, [], () => [0]);
        return Graph.Add("DequantizeLinear", [Graph.Add("QuantizeLinear", [x, scale, zero]), scale, zero]);
    }

    private string Weight(string name, QuantizedWeights weight, int[] shape, long axis)
    {
        var values = Graph.Tensor(name + ".s8", DataType.Int8, shape, () => MemoryMarshal.AsBytes(weight.Values.AsSpan()).ToArray());
        var scales = Graph.Floats(name + ".scales", [weight.Scales.Length], () => weight.Scales);
        var zeros = Graph.Tensor(name + ".zeros", DataType.Int8, [weight.Scales.Length], () => new byte[weight.Scales.Length]);
        return Graph.Add("DequantizeLinear", [values, scales, zeros], Attribute("axis", axis));
    }
}
