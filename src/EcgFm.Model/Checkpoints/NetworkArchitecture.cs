using System.Collections.Immutable;

namespace EcgFm.Model.Checkpoints;

/// <summary>The sizes of a network of ECG-FM's architecture (fairseq-signals' <c>ecg_transformer_classifier</c>).</summary>
public sealed record NetworkArchitecture
{
    /// <summary>Samples of a segment at 500 Hz.</summary>
    public const int SegmentLength = 2500;

    /// <summary>Input channels.</summary>
    public required int Leads { get; init; }

    /// <summary>The convolutions of the feature extractor, in order.</summary>
    public required ImmutableArray<ConvLayer> Convolutions { get; init; }

    /// <summary>The width of the transformer, which is the length of the embedding.</summary>
    public required int Width { get; init; }

    /// <summary>Transformer layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Attention heads.</summary>
    public required int Heads { get; init; }

    /// <summary>The width within the feed-forward blocks.</summary>
    public required int FeedForward { get; init; }

    /// <summary>Taps of the positional convolution.</summary>
    public required int PositionalKernel { get; init; }

    /// <summary>Groups of the positional convolution.</summary>
    public required int PositionalGroups { get; init; }

    /// <summary>Outputs.</summary>
    public required int Labels { get; init; }

    /// <summary>Time steps of the transformer for one segment: what the convolutions leave of 2500 samples; zero where a kernel is longer than what it gets.</summary>
    public int Tokens
    {
        get
        {
            var length = SegmentLength;
            foreach (var layer in Convolutions) length = length < layer.Kernel ? 0 : (length - layer.Kernel) / layer.Stride + 1;
            return length;
        }
    }

    /// <summary>Multiplications and additions for one segment in the linear layers, the convolutions and the attention.</summary>
    public double FlopPerSegment
    {
        get
        {
            double flop = 0, channels = Leads;
            var length = SegmentLength;
            foreach (var layer in Convolutions)
            {
                length = (length - layer.Kernel) / layer.Stride + 1;
                flop += 2.0 * length * layer.Channels * channels * layer.Kernel;
                channels = layer.Channels;
            }

            double tokens = Tokens, width = Width;
            flop += 2 * tokens * channels * width;
            flop += 2 * tokens * width * (width / PositionalGroups) * PositionalKernel;
            flop += Layers * (2 * tokens * width * (4 * width + 2.0 * FeedForward) + 4 * tokens * tokens * width);
            return flop + 2 * width * Labels;
        }
    }

    /// <summary>The name and shape of every tensor that the network needs, the positional convolution in its newer spelling.</summary>
    public IEnumerable<KeyValuePair<string, int[]>> TensorShapes()
    {
        var channels = Leads;
        for (var i = 0; i < Convolutions.Length; i++)
        {
            var layer = Convolutions[i];
            yield return new($"{TensorNames.Convolutions}{i}.0.weight", [layer.Channels, channels, layer.Kernel]);
            channels = layer.Channels;
            if (i != 0) continue;
            yield return new(TensorNames.GroupNorm + ".weight", [channels]);
            yield return new(TensorNames.GroupNorm + ".bias", [channels]);
        }

        foreach (var norm in Norm(TensorNames.FeatureNorm, channels)) yield return norm;
        foreach (var linear in Linear(TensorNames.Projection, Width, channels)) yield return linear;
        yield return new(TensorNames.Positional + "bias", [Width]);
        yield return new(TensorNames.Positional + TensorNames.PositionalGain, [1, 1, PositionalKernel]);
        yield return new(TensorNames.Positional + TensorNames.PositionalDirection, [Width, Width / PositionalGroups, PositionalKernel]);
        foreach (var norm in Norm(TensorNames.EncoderNorm, Width)) yield return norm;
        for (var i = 0; i < Layers; i++)
        {
            var layer = TensorNames.Layer(i);
            foreach (var name in new[] { "q", "k", "v", "out" })
                foreach (var linear in Linear($"{layer}self_attn.{name}_proj", Width, Width)) yield return linear;
            foreach (var norm in Norm(layer + "self_attn_layer_norm", Width)) yield return norm;
            foreach (var linear in Linear(layer + "fc1", FeedForward, Width)) yield return linear;
            foreach (var linear in Linear(layer + "fc2", Width, FeedForward)) yield return linear;
            foreach (var norm in Norm(layer + "final_layer_norm", Width)) yield return norm;
        }

        foreach (var linear in Linear(TensorNames.Head, Labels, Width)) yield return linear;

        static KeyValuePair<string, int[]>[] Linear(string name, int rows, int columns) => [new(name + ".weight", [rows, columns]), new(name + ".bias", [rows])];
        static KeyValuePair<string, int[]>[] Norm(string name, int size) => [new(name + ".weight", [size]), new(name + ".bias", [size])];
    }
}
