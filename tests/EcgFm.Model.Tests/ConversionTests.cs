using EcgFm.Core;
using EcgFm.Model.Conversion;
using EcgFm.Model.Inference;
using EcgFm.Model.Packages;

namespace EcgFm.Model.Tests;

public sealed class ConversionTests
{
    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void APackageOfTheReferenceIsVerified(bool oldSpelling)
    {
        using var folder = new TemporaryFolder();
        var stages = new List<ConversionProgress>();
        var package = Assert.Single(ModelConverter.Convert(oldSpelling ? ReferenceNetwork.OldSpelling : ReferenceNetwork.Checkpoint, folder["package"], progress: new Progress(stages)));
        Assert.Equal(ModelPackage.Load(folder["package"]).Identity, package.Identity);
        Assert.Contains(stages, s => s.Fraction == 1);

        var verification = ModelVerifier.Verify(folder["package"], ReferenceNetwork.Folder);
        Assert.True(verification.Passed);
        Assert.Equal(["logits", "embedding", "saliency"], verification.Outputs.Select(o => o.Name));
        Assert.All(verification.Outputs, o => Assert.True(o.Error.Max <= 1e-5, o.ToString()));
    }

    [SkippableFact]
    public void AWindowIsInterpreted()
    {
        using var folder = new TemporaryFolder();
        _ = ModelConverter.Convert(ReferenceNetwork.Checkpoint, folder["package"], new() { Name = "reference" });
        using var model = EcgModel.Load(folder["package"]);
        Assert.Equal("CPU", model.Provider);
        var interpretation = model.Interpret(TestWindows.Window(0));
        Assert.Equal(EcgFmLabels.All.Select(l => l.Name), interpretation.Labels.Select(l => l.Name));
        Assert.Equal(17, interpretation.Probabilities.Length);
        Assert.All(interpretation.Probabilities, p => Assert.InRange(p, 0, 1));
        Assert.Equal(2 * 156, interpretation.Saliency.Length);
        Assert.Equal("reference", interpretation.Model.Name);
        Assert.True(interpretation.InferenceTime > TimeSpan.Zero);
    }

    [SkippableFact]
    public void ProbabilitiesAreTheSegmentsMeanOrMaximum()
    {
        using var folder = new TemporaryFolder();
        _ = ModelConverter.Convert(ReferenceNetwork.Checkpoint, folder["package"]);
        using var model = EcgModel.Load(folder["package"]);
        var package = model.Package;
        var window = TestWindows.Window(3);
        var prepared = new EcgFm.Signal.WindowPreparation(package.Filter).Prepare(window.Window);
        var segments = Enumerable.Range(0, 2).Select(s => Enumerable.Range(0, 12).SelectMany(l => prepared.Skip(l * 5000 + s * 2500).Take(2500)).ToArray()).ToArray();
        using var session = new NetworkSession(package.NetworkFile, package.Architecture, 2, package.Precision, new());
        var outputs = session.Run(segments);
        var found = model.Interpret(window);
        for (var i = 0; i < package.Labels.Length; i++)
        {
            var p = outputs.Select(o => 1 / (1 + MathF.Exp(-o.Logits[i]))).ToArray();
            Assert.Equal(package.Labels[i].Aggregation == LabelAggregation.Max ? p.Max() : p.Average(), found.Probabilities[i], 1e-6);
        }

        Assert.Equal(outputs.SelectMany(o => o.Saliency), found.Saliency);
    }

    [SkippableFact]
    public void LabelsMustFitTheHead()
    {
        using var folder = new TemporaryFolder();
        var labels = new LabelFile([new Label("Atrial fibrillation")], EcgFm.Signal.InputFilter.None);
        var error = Assert.Throws<ModelFileException>(() => ModelConverter.Convert(ReferenceNetwork.Checkpoint, folder["package"], new() { Labels = labels }));
        Assert.Contains("17", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void APrecisionThatIsNotEnoughForTheNetworkBecomesNoPackage()
    {
        using var folder = new TemporaryFolder();
        // Two hundred times the head's weights are two hundred times the error of the logits.
        var top = CheckpointBuilder.Top(CheckpointBuilder.TinySizes());
        var head = (CheckpointBuilder.Tensor)((Dictionary<string, object?>)top["model"]!)["proj.weight"]!;
        for (var i = 0; i < head.Values.Length; i++) head.Values[i] *= 200;
        var checkpoint = CheckpointBuilder.Write(folder["loud.pt"], top);
        var labels = new LabelFile([.. new[] { "A", "B", "C" }.Select(EcgFmLabels.Named)], EcgFm.Signal.InputFilter.None);

        var error = Assert.Throws<ModelFileException>(() => ModelConverter.Convert(checkpoint, folder["package"], new() { Labels = labels, Precisions = [Precision.Fp32, Precision.Int8] }));
        Assert.Contains("--calibrate", error.Message, StringComparison.Ordinal);
        Assert.Contains("0.15 and 0.05 are allowed", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder["package/int8"]));
        Assert.Equal(Precision.Fp32, ModelPackage.Load(folder["package/fp32"]).Precision);
    }

    private sealed class Progress(List<ConversionProgress> stages) : IProgress<ConversionProgress>
    {
        public void Report(ConversionProgress value) => stages.Add(value);
    }
}
