using EcgFm.Model.Checkpoints;
using EcgFm.Model.Onnx;
using EcgFm.Model.Packages;
using Microsoft.ML.OnnxRuntime;

namespace EcgFm.Model.Tests;

/// <summary>The fp32 graph against the authors' own vectors, stage by stage.</summary>
public sealed class NetworkGraphTests
{
    private const double Tolerance = 1e-5;

    [SkippableTheory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void EveryStageEqualsTheAuthors(bool oldSpelling, bool forProcessors)
    {
        var stages = Run(oldSpelling ? ReferenceNetwork.OldSpelling : ReferenceNetwork.Checkpoint, forProcessors);
        foreach (var name in new[] { "conv0_raw", "conv0_groupnorm", "feature_extractor" })
        {
            var shape = ReferenceNetwork.Shape("inter_" + name);
            Same(name, ReferenceNetwork.Transposed(stages[name], shape[0], shape[2], shape[1]), ReferenceNetwork.Floats("inter_" + name));
        }

        foreach (var name in new[] { "feat_layer_norm", "post_extract_proj", "conv_pos", "encoder_layer_norm", "layer0_out", "layer1_out" })
            Same(name, stages[name], ReferenceNetwork.Floats("inter_" + name));
        Same("logits", stages["logits"], ReferenceNetwork.Floats("logits"));
        Same("embedding", stages["embedding"], ReferenceNetwork.Floats("embedding"));
        Same("saliency", stages["saliency"], ReferenceNetwork.Floats("attn_max_last_layer"));
    }

    private static Dictionary<string, float[]> Run(string checkpoint, bool forProcessors)
    {
        using var folder = new TemporaryFolder();
        using var source = Checkpoint.Open(checkpoint);
        new Staged(new(source), forProcessors).Build().Save(folder["stages.onnx"]);
        using var session = new InferenceSession(folder["stages.onnx"]);
        using var input = OrtValue.CreateTensorValueFromMemory(ReferenceNetwork.Floats("input"), [ReferenceNetwork.Segments, ReferenceNetwork.Leads, ReferenceNetwork.Samples]);
        using var options = new RunOptions();
        var names = session.OutputMetadata.Keys.ToArray();
        using var outputs = session.Run(options, ["ecg"], [input], names);
        return names.Zip(outputs).ToDictionary(p => p.First, p => p.Second.GetTensorDataAsSpan<float>().ToArray());
    }

    private sealed class Staged(NetworkWeights weights, bool forProcessors) : NetworkGraph(weights, stages: true)
    {
        protected override bool ForProcessors => forProcessors;
    }

    private static void Same(string name, float[] found, float[] expected)
    {
        var error = ErrorFigures.Between(found, expected);
        Assert.True(error.Max <= Tolerance, $"{name}: {error}");
    }
}
