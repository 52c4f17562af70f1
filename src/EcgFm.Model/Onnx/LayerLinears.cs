using EcgFm.Model.Checkpoints;

namespace EcgFm.Model.Onnx;

/// <summary>The linear layers of one transformer layer, as the graph has them.</summary>
/// <param name="Qkv">Query, key and value side by side; the query with its factor of depth^-0.5 worked in.</param>
/// <param name="Out">The attention's output.</param>
/// <param name="Up">The first of the feed-forward block.</param>
/// <param name="Down">The second of the feed-forward block.</param>
internal sealed record LayerLinears(LinearLayer Qkv, LinearLayer Out, LinearLayer Up, LinearLayer Down)
{
    /// <summary>The projection from the convolutions' channels to the transformer's width.</summary>
    public static LinearLayer Projection(NetworkArchitecture sizes) =>
        new(TensorNames.Projection, sizes.Convolutions[^1].Channels, sizes.Width, (TensorNames.Projection, 1));

    public static LayerLinears Of(NetworkArchitecture sizes, int index)
    {
        var name = TensorNames.Layer(index);
        var attention = name + "self_attn.";
        var width = sizes.Width;
        var scale = (float)Math.Pow(width / sizes.Heads, -0.5);
        return new(
            new(attention + "qkv", width, 3 * width, (attention + "q_proj", scale), (attention + "k_proj", 1), (attention + "v_proj", 1)),
            new(attention + "out_proj", width, width, (attention + "out_proj", 1)),
            new(name + "fc1", width, sizes.FeedForward, (name + "fc1", 1)),
            new(name + "fc2", sizes.FeedForward, width, (name + "fc2", 1)));
    }
}
