using System.Text.Json;
using EcgFm.Model.Checkpoints;
using EcgFm.Testing;

namespace EcgFm.Model.Tests;

public sealed class CheckpointTests
{
    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void TheAuthorsCheckpointIsRead(bool oldSpelling)
    {
        using var checkpoint = Checkpoint.Open(oldSpelling ? ReferenceNetwork.OldSpelling : ReferenceNetwork.Checkpoint);
        var sizes = checkpoint.Architecture;
        Assert.Equal((12, 64, 2, 4, 128, 16, 4, 17, 156), (sizes.Leads, sizes.Width, sizes.Layers, sizes.Heads, sizes.FeedForward, sizes.PositionalKernel, sizes.PositionalGroups, sizes.Labels, sizes.Tokens));
        Assert.Equal(Enumerable.Repeat(new ConvLayer(32, 2, 2), 4), sizes.Convolutions.AsEnumerable());
        Assert.Equal(["args", "cfg", "model", "criterion", "optimizer_history", "task_state", "extra_state", "last_optimizer_state"], checkpoint.Parts.Select(p => p.Name));
        var model = checkpoint.Parts.Single(p => p.Name == "model");
        Assert.Equal(checkpoint.Tensors.Count, model.Tensors);
        Assert.InRange(checkpoint.Parts.Single(p => p.Name == "last_optimizer_state").Tensors, model.Tensors, 2 * model.Tensors); // frozen tensors have no state
    }

    [SkippableFact]
    public void TheOfficialNetworksTensorsAreKnownByNameAndShape()
    {
        var sizes = new NetworkArchitecture
        {
            Leads = 12,
            Convolutions = [.. Enumerable.Repeat(new ConvLayer(256, 2, 2), 4)],
            Width = 768,
            Layers = 12,
            Heads = 12,
            FeedForward = 3072,
            PositionalKernel = 128,
            PositionalGroups = 16,
            Labels = 17,
        };
        using var json = JsonDocument.Parse(File.ReadAllBytes(TestData.Reference("full_state_dict_keys.json")));
        var official = json.RootElement.EnumerateArray().ToDictionary(e => e.GetProperty("key").GetString()!, e => string.Join(',', e.GetProperty("shape").EnumerateArray()));
        var ours = sizes.TensorShapes().ToDictionary(t => t.Key, t => string.Join(',', t.Value));
        Assert.Equal(official.OrderBy(t => t.Key), ours.OrderBy(t => t.Key));
        Assert.Equal(90_386_321, sizes.TensorShapes().Sum(t => t.Value.Aggregate(1L, (a, b) => a * b)));
        Assert.Equal(58.5, 2 * sizes.FlopPerSegment / 1e9, 0.5);
    }

    [Theory]
    [InlineData("[(256, 2, 2)] * 4", 4, 256)]
    [InlineData("[(512, 10, 5)] + [(512,3,2)]*4 + [(512,2,2)] * 2", 7, 512)]
    [InlineData(" [ (1, 2, 2), (3, 2, 2), ] ", 2, 1)]
    public void ConvolutionsAreParsed(string text, int count, int channels)
    {
        var layers = ConvLayerParser.Parse(text);
        Assert.Equal(count, layers.Length);
        Assert.Equal(channels, layers[0].Channels);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("[(256, 2, 2)] * 1000000")]
    [InlineData("[(256, 2, 2)] * 4 or __import__('os').system('true')")]
    [InlineData("[(256, 2)]")]
    [InlineData("[(0, 2, 2)]")]
    [InlineData("[(256, 2, 2)")]
    [InlineData("[(99999999999999999999, 2, 2)]")]
    public void OtherTextsAreRefused(string text) => Assert.Throws<FormatException>(() => ConvLayerParser.Parse(text));

    [Fact]
    public void HalfAndStridedTensorsAreRead()
    {
        using var folder = new TemporaryFolder();
        var sizes = CheckpointBuilder.TinySizes();
        var top = CheckpointBuilder.Top(sizes);
        var model = (Dictionary<string, object?>)top["model"]!;
        // The transpose of a 40 × 24 matrix stands for a 24 × 40 one, as PyTorch saves a view.
        model["encoder.encoder.layers.0.fc2.weight"] = new CheckpointBuilder.Tensor([.. Enumerable.Range(0, 960).Select(i => (float)i)], [24, 40], Strides: [1, 24]);
        model["proj.bias"] = new CheckpointBuilder.Tensor([BitConverter.UInt32BitsToSingle(0x40004200u), 0], [3], "HalfStorage", 3);
        using var checkpoint = Checkpoint.Open(CheckpointBuilder.Write(folder["a.pt"], top));
        var weight = checkpoint.Tensor("encoder.encoder.layers.0.fc2.weight").Read();
        Assert.Equal([0, 24, 48], weight[..3]);
        Assert.Equal(1, weight[40]);
        Assert.Equal([3, 2, 0], checkpoint.Tensor("proj.bias").Read());
    }
}
