namespace EcgFm.Model.Checkpoints;

/// <summary>The names that fairseq-signals gives to the tensors of the network.</summary>
internal static class TensorNames
{
    public const string Convolutions = "encoder.feature_extractor.conv_layers.";
    public const string GroupNorm = Convolutions + "0.2";
    public const string FeatureNorm = "encoder.layer_norm";
    public const string Projection = "encoder.post_extract_proj";
    public const string Positional = "encoder.conv_pos.pos_conv.0.";
    public const string PositionalGain = "parametrizations.weight.original0";
    public const string PositionalDirection = "parametrizations.weight.original1";
    public const string EncoderNorm = "encoder.encoder.layer_norm";
    public const string Head = "proj";

    public static string Layer(int index) => $"encoder.encoder.layers.{index}.";

    /// <summary>The spelling of PyTorch's older weight normalisation.</summary>
    public static string OldSpelling(string name) => name
        .Replace(PositionalGain, "weight_g", StringComparison.Ordinal)
        .Replace(PositionalDirection, "weight_v", StringComparison.Ordinal);
}
