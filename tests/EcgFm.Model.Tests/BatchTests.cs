using EcgFm.Model.Conversion;
using EcgFm.Model.Inference;
using EcgFm.Model.Packages;

namespace EcgFm.Model.Tests;

public sealed class BatchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Precision.Fp32, LeadViews.Whole)]
    [InlineData(Precision.Int8, LeadViews.Whole)]
    [InlineData(Precision.Fp32, LeadViews.WholeAndParts)]
    public void CompanyChangesNothingInAnInterpretation(Precision precision, LeadViews views)
    {
        var sizes = CheckpointBuilder.TinySizes();
        var labels = new LabelFile([.. new[] { "Atrial fibrillation", "Sinus rhythm", "Something else" }.Select(EcgFmLabels.Named)], EcgFm.Signal.InputFilter.BandPass, views);
        _ = ModelConverter.Convert(CheckpointBuilder.Write(_folder["tiny.pt"], CheckpointBuilder.Top(sizes)), _folder["package"], new() { Labels = labels, Precisions = [precision] });
        using var model = EcgModel.Load(_folder["package"], new() { MostWindows = 3, Threads = 1 });
        var windows = Enumerable.Range(0, 7).Select(TestWindows.Window).ToList();

        var alone = windows.ConvertAll(model.Interpret);
        var together = model.Interpret(windows);
        Assert.Equal(alone.Count, together.Count);
        foreach (var (one, other) in alone.Zip(together))
        {
            Assert.Same(one.Input, other.Input);
            Assert.All(one.Probabilities.Zip(other.Probabilities), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
            Assert.All(one.Saliency.Zip(other.Saliency, (a, b) => a - b), difference => Assert.InRange(difference, -1e-4f, 1e-4f));
        }

        // In a batch of the same size not a bit changes, whoever the others are.
        var with12 = model.Interpret([windows[0], windows[1], windows[2]])[0];
        var with56 = model.Interpret([windows[0], windows[5], windows[6]])[0];
        Assert.Equal(with12.Probabilities.AsEnumerable(), with56.Probabilities.AsEnumerable());
        Assert.Equal(with12.Saliency.AsEnumerable(), with56.Saliency.AsEnumerable());
        Assert.NotEqual(alone[0].Probabilities.AsEnumerable(), alone[5].Probabilities.AsEnumerable());
    }
}
