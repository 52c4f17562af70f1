using EcgFm.Model.Checkpoints;
using EcgFm.Model.Onnx;
using static EcgFm.Model.Onnx.OnnxGraph;
using DataType = EcgFm.Model.Onnx.Proto.TensorProto.Types.DataType;

namespace EcgFm.Model.Quantization;

/// <summary>The fp32 graph with mean, minimum and maximum of every tensor that a quantised graph writes in 8 bits as further outputs.</summary>
internal sealed class CalibrationGraph(NetworkWeights weights) : NetworkGraph(weights)
{
    /// <summary>The name of the positional convolution's input and output among the statistics.</summary>
    public const string PositionalInput = "positional.input", PositionalOutput = "positional.output";

    private readonly Dictionary<string, int> _channels = [];

    /// <summary>The tensors that are watched, and how many channels each has.</summary>
    public IReadOnlyDictionary<string, int> Watched => _channels;

    protected override string Linear(string x, LinearLayer layer)
    {
        // The projection stays in 32 bits: a five-hundredth of the work, and its rounding would add a third to the error of the logits.
        if (layer.Name != TensorNames.Projection) Watch(layer.Name, x, layer.Inputs);
        return base.Linear(x, layer);
    }

    protected override string PositionalConvolution(string x)
    {
        Watch(PositionalInput, x, Sizes.Width);
        var y = base.PositionalConvolution(x);
        Watch(PositionalOutput, y, Sizes.Width);
        return y;
    }

    private void Watch(string name, string x, int channels)
    {
        _channels.Add(name, channels);
        Graph.Output(name + ".mean", DataType.Float, channels);
        Graph.Output(name + ".least", DataType.Float, 1);
        Graph.Output(name + ".most", DataType.Float, 1);
        _ = Graph.AddTo(name + ".mean", "ReduceMean", [x], Attribute("axes", [0L, 1L]), Attribute("keepdims", 0));
        _ = Graph.AddTo(name + ".least", "Reshape", [Graph.Add("ReduceMin", [x], Attribute("axes", [0L, 1L, 2L]), Attribute("keepdims", 0)), Graph.Integers(1)]);
        _ = Graph.AddTo(name + ".most", "Reshape", [Graph.Add("ReduceMax", [x], Attribute("axes", [0L, 1L, 2L]), Attribute("keepdims", 0)), Graph.Integers(1)]);
    }
}
