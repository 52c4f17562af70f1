using EcgFm.Model.Checkpoints;
using EcgFm.Model.Onnx.Proto;
using static EcgFm.Model.Onnx.OnnxGraph;
using DataType = EcgFm.Model.Onnx.Proto.TensorProto.Types.DataType;

namespace EcgFm.Model.Onnx;

/// <summary>
/// Writes the network as an ONNX graph: input <c>ecg</c> [batch, leads, 2500], outputs <c>logits</c> [batch, labels], <c>embedding</c> [batch, width] and
/// <c>saliency</c> [batch, tokens] (the last layer's attention, mean over the heads, maximum over the keys). Tokens run along the last axis but one
/// all the way, so that each convolution (its stride is its kernel) is a reshape and a matrix product.
/// </summary>
internal class NetworkGraph
{
    private const float Epsilon = 1e-5f;
    private readonly bool _stages;

    /// <param name="weights">The network.</param>
    /// <param name="stages">Whether the tensor after each stage is an output too, under fairseq's name for the stage: for tests.</param>
    public NetworkGraph(NetworkWeights weights, bool stages = false)
    {
        Weights = weights;
        _stages = stages;
    }

    protected NetworkWeights Weights { get; }

    protected NetworkArchitecture Sizes => Weights.Architecture;

    protected OnnxGraph Graph { get; } = new("ecg-fm");

    /// <summary>The type of the weights and of everything between the convolutions and the head.</summary>
    protected virtual DataType Element => DataType.Float;

    /// <summary>
    /// Whether the graph takes the form that ONNX Runtime runs fastest on processors. The variance of GroupNorm comes from the covariance of the few inputs, in
    /// double precision, instead of three passes over the widest tensor of the network. The transformer has its tokens first, [tokens, batch, width], and its
    /// attention is FusedMatMul, which takes a head's rows from where they lie, so that queries, keys and values are never transposed.
    /// GPUs have the bandwidth, and TensorRT has neither double precision nor that operator.
    /// </summary>
    protected virtual bool ForProcessors => true;

    public OnnxGraph Build()
    {
        var sizes = Sizes;
        Graph.Input("ecg", DataType.Float, -1, sizes.Leads, NetworkArchitecture.SegmentLength);
        Graph.Output("logits", DataType.Float, -1, sizes.Labels);
        Graph.Output("embedding", DataType.Float, -1, sizes.Width);
        Graph.Output("saliency", DataType.Float, -1, sizes.Tokens);

        var x = Stage("feature_extractor", Cast(Features("ecg"), DataType.Float, Element));
        var channels = sizes.Convolutions[^1].Channels;
        x = Stage("feat_layer_norm", LayerNorm(x, TensorNames.FeatureNorm, channels));
        x = Stage("post_extract_proj", Linear(x, LayerLinears.Projection(sizes)));
        var position = Stage("conv_pos", Gelu(PositionalConvolution(x)));
        x = LayerNorm(Graph.Add("Add", [x, position]), TensorNames.EncoderNorm, sizes.Width);
        if (ForProcessors) x = Transpose(x, 1, 0, 2);
        for (var i = 0; i < sizes.Layers; i++) x = Layer(Tokens(i == 0 ? "encoder_layer_norm" : $"layer{i - 1}_out", x), i);
        Head(Tokens($"layer{sizes.Layers - 1}_out", x));
        return Graph;
    }

    /// <summary>x · W + b.</summary>
    protected virtual string Linear(string x, LinearLayer layer)
    {
        var weight = Matrix(layer.Name + ".matrix", Element, [layer.Inputs, layer.Outputs], () => Weights.LinearMatrix(layer));
        return Graph.Add("Add", [Graph.Add("MatMul", [x, weight]), Bias(layer)]);
    }

    /// <summary>The positional convolution of x [batch, tokens, width], without its GELU. Of an even kernel's outputs the last one is dropped: one padding less at the end.</summary>
    protected virtual string PositionalConvolution(string x)
    {
        var sizes = Sizes;
        var weight = Values(TensorNames.Positional + "weight", [sizes.Width, sizes.Width / sizes.PositionalGroups, sizes.PositionalKernel], Weights.PositionalWeight);
        var y = Graph.Add("Conv", [Transpose(x, 0, 2, 1), weight, Vector(TensorNames.Positional + "bias", sizes.Width)],
            Attribute("group", sizes.PositionalGroups), Attribute("kernel_shape", [sizes.PositionalKernel]), PositionalPadding());
        return Transpose(y, 0, 2, 1);
    }

    protected AttributeProto PositionalPadding() =>
        Attribute("pads", [Sizes.PositionalKernel / 2, (Sizes.PositionalKernel - 1) / 2]);

    protected string Bias(LinearLayer layer) => Values(layer.Name + ".bias", [layer.Outputs], () => Weights.LinearBias(layer));

    protected string Vector(string name, int size) => Values(name, [size], () => Weights.Tensor(name));

    /// <summary>A weight of the given type that is not quantised.</summary>
    protected virtual string Matrix(string name, DataType type, ReadOnlySpan<int> shape, Func<float[]> values) =>
        type == DataType.Float16 ? Graph.Halves(name, shape, values) : Graph.Floats(name, shape, values);

    /// <summary>A tensor of the graph's element type.</summary>
    private string Values(string name, ReadOnlySpan<int> shape, Func<float[]> values) =>
        Element == DataType.Float16 ? Graph.Halves(name, shape, values) : Graph.Floats(name, shape, values);

    protected string Transpose(string x, params ReadOnlySpan<long> order) => Graph.Add("Transpose", [x], Attribute("perm", order));

    protected string Reshape(string x, params long[] shape) => Graph.Add("Reshape", [x, Graph.Integers(shape)]);

    /// <summary>x · Φ(x), with the error function.</summary>
    protected virtual string Gelu(string x) => Gelu(x, Element);

    /// <summary>x · Φ(x) in operators of the standard, for tensors of the given type. ONNX Runtime and TensorRT know the pattern and run it in one pass.</summary>
    protected string Gelu(string x, DataType type)
    {
        var erf = Graph.Add("Erf", [Graph.Add("Div", [x, Constant("sqrt2", MathF.Sqrt(2))])]);
        return Graph.Add("Mul", [Graph.Add("Mul", [x, Graph.Add("Add", [erf, Constant("one", 1)])]), Constant("half", 0.5f)]);

        string Constant(string name, float value) => type == DataType.Float16 ? Graph.Halves(name + "_16", [], () => [value]) : Graph.Scalar(name, value);
    }

    /// <summary>The same values in another type; nothing is added where it is the same.</summary>
    protected string Cast(string x, DataType from, DataType to) => from == to ? x : Graph.Add("Cast", [x], Attribute("to", (long)to));

    protected string LayerNorm(string x, string name, int size) =>
        Graph.Add("LayerNormalization", [x, Vector(name + ".weight", size), Vector(name + ".bias", size)], Attribute("axis", -1), Attribute("epsilon", Epsilon));

    /// <summary>The convolutions: [batch, leads, 2500] → [batch, tokens, channels].</summary>
    private string Features(string input)
    {
        var x = Transpose(input, 0, 2, 1);
        int channels = Sizes.Leads, length = NetworkArchitecture.SegmentLength;
        for (var i = 0; i < Sizes.Convolutions.Length; i++)
        {
            var layer = Sizes.Convolutions[i];
            var outputs = (length - layer.Kernel) / layer.Stride + 1;
            x = layer.Kernel == layer.Stride ? Patches(x, layer, channels, length, outputs) : Unfold(x, layer, outputs);
            var rows = layer.Kernel * channels;
            var index = i;
            var weight = Matrix($"{TensorNames.Convolutions}{i}.matrix", DataType.Float, [rows, layer.Channels], () => Weights.ConvolutionMatrix(index));
            x = i == 0 ? NormalisedConvolution(x, weight, layer.Channels) : Graph.Add("MatMul", [x, weight]);
            x = FeatureGelu(x);
            (channels, length) = (layer.Channels, outputs);
        }

        return x;
    }

    /// <summary>The convolutions stay in 32 bits in every precision: they are a hundredth of the work, and their normalisation needs the range.</summary>
    protected virtual string FeatureGelu(string x) => Gelu(x, DataType.Float);

    /// <summary>[batch, length, channels] → [batch, outputs, kernel · channels] where the kernel is the stride; what is left over at the end is dropped.</summary>
    private string Patches(string x, ConvLayer layer, int channels, int length, int outputs)
    {
        if (outputs * layer.Kernel != length)
            x = Graph.Add("Slice", [x, Graph.Integers(0), Graph.Integers(outputs * layer.Kernel), Graph.Integers(1)]);
        return Reshape(x, 0, outputs, layer.Kernel * channels);
    }

    /// <summary>The same for any other kernel and stride: one slice per tap, side by side.</summary>
    private string Unfold(string x, ConvLayer layer, int outputs)
    {
        var taps = new string[layer.Kernel];
        for (var k = 0; k < taps.Length; k++)
            taps[k] = Graph.Add("Slice", [x, Graph.Integers(k), Graph.Integers(k + (outputs - 1L) * layer.Stride + 1), Graph.Integers(1), Graph.Integers(layer.Stride)]);
        return Graph.Add("Concat", taps, Attribute("axis", 2));
    }

    /// <summary>
    /// Convolution and GroupNorm with one group per channel. Patches without their mean give channels without theirs; what remains is the variance over time.
    /// </summary>
    private string NormalisedConvolution(string patches, string weight, int channels)
    {
        if (_stages) _ = Stage("conv0_raw", Graph.Add("MatMul", [patches, weight]));
        var centred = Graph.Add("Sub", [patches, Graph.Add("ReduceMean", [patches], Attribute("axes", [1L]), Attribute("keepdims", 1))]);
        var gain = Graph.Floats(TensorNames.GroupNorm + ".weight", [channels], () => Weights.Tensor(TensorNames.GroupNorm + ".weight"));
        var bias = Graph.Floats(TensorNames.GroupNorm + ".bias", [channels], () => Weights.Tensor(TensorNames.GroupNorm + ".bias"));
        var y = ForProcessors
            ? Graph.Add("MatMul", [centred, Graph.Add("Mul", [weight, FactorFromCovariance(centred, weight, gain)])])
            : Normalised(Graph.Add("MatMul", [centred, weight]), gain);
        return Stage("conv0_groupnorm", Graph.Add("Add", [y, bias]));
    }

    private string Normalised(string y, string gain)
    {
        var variance = Graph.Add("ReduceMean", [Graph.Add("Mul", [y, y])], Attribute("axes", [1L]), Attribute("keepdims", 1));
        return Graph.Add("Mul", [y, Graph.Add("Div", [gain, Graph.Add("Sqrt", [Graph.Add("Add", [variance, Graph.Scalar("epsilon", Epsilon)])])])]);
    }

    /// <summary>
    /// The norm's factor of each channel, wᵀ·C·w being its variance and C the covariance of the patches. In double precision: the leads depend on each other
    /// (III = II − I), so that C is singular and the variance of a channel may be a small difference of large numbers.
    /// </summary>
    private string FactorFromCovariance(string centred, string weight, string gain)
    {
        var outputs = (NetworkArchitecture.SegmentLength - Sizes.Convolutions[0].Kernel) / Sizes.Convolutions[0].Stride + 1;
        string x = Cast(centred, DataType.Float, DataType.Double), w = Cast(weight, DataType.Float, DataType.Double);
        var covariance = Graph.Add("Mul", [Graph.Add("MatMul", [Transpose(x, 0, 2, 1), x]), Double("one_by_outputs", 1.0 / outputs)]);
        var variance = Graph.Add("ReduceSum", [Graph.Add("Mul", [Graph.Add("MatMul", [covariance, w]), w]), Graph.Integers(1)], Attribute("keepdims", 1));
        var deviation = Graph.Add("Sqrt", [Graph.Add("Add", [variance, Double("epsilon_64", 1e-5)])]);
        return Cast(Graph.Add("Div", [Cast(gain, DataType.Float, DataType.Double), deviation]), DataType.Double, DataType.Float);

        string Double(string name, double value) => Graph.Tensor(name, DataType.Double, [], () => BitConverter.GetBytes(value));
    }

    private string Layer(string x, int index)
    {
        var width = Sizes.Width;
        var name = TensorNames.Layer(index);
        var linear = LayerLinears.Of(Sizes, index);
        var merged = Linear(x, linear.Qkv);
        var mixed = ForProcessors ? AttentionWhereTheyLie(merged, index) : Attention(merged, index);
        var y = Linear(mixed, linear.Out);
        x = LayerNorm(Graph.Add("Add", [x, y]), name + "self_attn_layer_norm", width);
        y = Gelu(Linear(x, linear.Up));
        y = Linear(y, linear.Down);
        return LayerNorm(Graph.Add("Add", [x, y]), name + "final_layer_norm", width);
    }

    /// <summary>Attention over queries, keys and values side by side, [batch, tokens, 3 · width], in operators of the standard.</summary>
    private string Attention(string merged, int index)
    {
        int heads = Sizes.Heads, depth = Sizes.Width / heads;
        var (q, k, v) = Thirds(Transpose(Reshape(merged, 0, Sizes.Tokens, 3 * heads, depth), 0, 2, 1, 3), 1, index);
        var weights = Weighing(Graph.Add("MatMul", [q, Transpose(k, 0, 1, 3, 2)]), index);
        return Reshape(Transpose(Graph.Add("MatMul", [weights, v]), 0, 2, 1, 3), 0, Sizes.Tokens, Sizes.Width);
    }

    /// <summary>The same over [tokens, batch, 3 · width]: the products step from token to token over all heads of the batch.</summary>
    private string AttentionWhereTheyLie(string merged, int index)
    {
        int heads = Sizes.Heads, depth = Sizes.Width / heads;
        var (q, k, v) = Thirds(Reshape(merged, Sizes.Tokens, -1, 3 * heads, depth), 2, index);
        var weights = Weighing(Graph.Add(OnnxGraph.Microsoft + ".FusedMatMul", [q, k], Attribute("transBatchA", 1), Attribute("transBatchB", 1), Attribute("transB", 1)), index);
        var mixed = Graph.Add(OnnxGraph.Microsoft + ".FusedMatMul", [weights, v], Attribute("transBatchB", 1));
        return Reshape(Transpose(mixed, 2, 0, 1, 3), Sizes.Tokens, -1, Sizes.Width);
    }

    private (string Q, string K, string V) Thirds(string heads, long axis, int index)
    {
        var attention = TensorNames.Layer(index) + "self_attn.";
        var split = Graph.Add([attention + "q", attention + "k", attention + "v"], "Split", [heads], Attribute("axis", axis));
        return (split[0], split[1], split[2]);
    }

    /// <summary>Softmax over the keys of [batch, heads, queries, keys]; of the last layer it is the saliency too.</summary>
    private string Weighing(string products, int index)
    {
        var weights = Graph.Add("Softmax", [products], Attribute("axis", -1));
        if (index != Sizes.Layers - 1) return weights;
        var mean = Graph.Add("ReduceMean", [weights], Attribute("axes", [1L]), Attribute("keepdims", 0));
        _ = Graph.AddTo("saliency", "ReduceMax", [Cast(mean, Element, DataType.Float)], Attribute("axes", [2L]), Attribute("keepdims", 0));
        return weights;
    }

    /// <summary>Per channel the sum over time divided by the count of values that are not zero, as the authors have it; then the labels.</summary>
    private void Head(string x)
    {
        x = Cast(x, Element, DataType.Float);
        var time = Graph.Integers(ForProcessors ? 0 : 1);
        var present = Graph.Add("Cast", [Graph.Add("Not", [Graph.Add("Equal", [x, Graph.Scalar("zero", 0)])])], Attribute("to", (long)DataType.Float));
        var count = Graph.Add("Max", [Graph.Add("ReduceSum", [present, time], Attribute("keepdims", 0)), Graph.Scalar("one", 1)]);
        var sum = Graph.Add("ReduceSum", [x, time], Attribute("keepdims", 0));
        var embedding = Graph.AddTo("embedding", "Div", [sum, count]);
        var layer = new LinearLayer(TensorNames.Head, Sizes.Width, Sizes.Labels, (TensorNames.Head, 1));
        var weight = Graph.Floats(TensorNames.Head + ".matrix", [layer.Inputs, layer.Outputs], () => Weights.LinearMatrix(layer));
        var bias = Graph.Floats(TensorNames.Head + ".bias", [layer.Outputs], () => Weights.LinearBias(layer));
        _ = Graph.AddTo("logits", "Add", [Graph.Add("MatMul", [embedding, weight]), bias]);
    }

    /// <summary>A stage of the transformer, shown as [batch, tokens, width].</summary>
    private string Tokens(string name, string value)
    {
        if (_stages) _ = Stage(name, ForProcessors ? Transpose(value, 1, 0, 2) : value);
        return value;
    }

    private string Stage(string name, string value)
    {
        if (!_stages) return value;
        Graph.Output(name, DataType.Float);
        return Graph.AddTo(name, "Identity", [value]);
    }
}
