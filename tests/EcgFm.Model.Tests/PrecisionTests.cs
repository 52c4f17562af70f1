using EcgFm.Model.Benchmarking;
using EcgFm.Model.Checkpoints;
using EcgFm.Model.Conversion;
using EcgFm.Model.Inference;
using EcgFm.Model.Packages;

namespace EcgFm.Model.Tests;

public sealed class PrecisionTests
{
    [SkippableFact]
    public void EveryPrecisionOfTheReferenceIsWithinItsTolerance()
    {
        using var folder = new TemporaryFolder();
        var packages = ModelConverter.Convert(ReferenceNetwork.Checkpoint, folder.Path, new() { Precisions = Enum.GetValues<Precision>() });
        Assert.Equal(Enum.GetValues<Precision>(), packages.Select(p => p.Precision));
        foreach (var package in packages)
        {
            var verification = ModelVerifier.Verify(folder[Precisions.Name(package.Precision)], ReferenceNetwork.Folder);
            Assert.True(verification.Passed, $"{package.Precision}: {string.Join(", ", verification.Outputs)}");
            using var model = EcgModel.Load(package.Directory);
            Assert.Equal(17, model.Interpret(TestWindows.Window(1)).Probabilities.Length);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void AnySizeAndAnyHeadWorks(int labels)
    {
        using var folder = new TemporaryFolder();
        var sizes = CheckpointBuilder.TinySizes(labels);
        var checkpoint = CheckpointBuilder.Write(folder["tiny.pt"], CheckpointBuilder.Top(sizes));
        var names = new LabelFile([.. Enumerable.Range(0, labels).Select(i => new Core.Label($"Label {i}"))], EcgFm.Signal.InputFilter.None);
        foreach (var package in ModelConverter.Convert(checkpoint, folder["out"], new() { Labels = names, Precisions = Enum.GetValues<Precision>() }))
            Assert.True(package.Conversion.Logits.Within(Precisions.LogitTolerance(package.Precision)), package.Conversion.Logits.ToString());
        using var source = Checkpoint.Open(checkpoint);
        Assert.Equal(sizes.Tokens, source.Architecture.Tokens);
    }

    [SkippableTheory]
    [InlineData(Precision.Fp32)]
    [InlineData(Precision.Int8)]
    public void AResultDependsNeitherOnBatchMatesNorOnThreads(Precision precision)
    {
        using var folder = new TemporaryFolder();
        var package = ModelConverter.Convert(ReferenceNetwork.Checkpoint, folder["package"], new() { Precisions = [precision] })[0];
        var segments = Enumerable.Range(0, 4).Select(n => SyntheticSegments.Make(n, 12)).ToArray();
        // Two segments are a window, as the monitor runs them.
        var expected = Logits(package, 2, 1, segments);
        Assert.Equal(expected, Logits(package, 2, 1, segments));
        Assert.Equal(expected, Logits(package, 2, 2, segments));
        Assert.Equal(expected, Logits(package, 4, 1, segments));
        Assert.Equal(expected, Logits(package, 4, 2, segments));
        Assert.Equal(expected, Logits(package, 2, 1, [.. segments.Reverse()]).Chunk(17).Reverse().SelectMany(l => l));
        Assert.Equal(expected[..17], Logits(package, 2, 1, [segments[0], segments[3]])[..17]);
    }

    [SkippableFact]
    public void ABenchmarkMeasuresBothPackagesInTurn()
    {
        using var folder = new TemporaryFolder();
        _ = ModelConverter.Convert(ReferenceNetwork.Checkpoint, folder.Path, new() { Precisions = [Precision.Fp32, Precision.Int8] });
        var shares = new List<double>();
        var report = ModelBenchmark.Run(folder["int8"], folder["fp32"], new() { Duration = TimeSpan.FromMilliseconds(300) }, new Shares(shares));
        Assert.Equal(["int8", "fp32"], report.Figures.Select(f => f.Package.Identity.Precision));
        Assert.InRange(Math.Abs(report.Figures[0].Runs - report.Figures[1].Runs), 0, 1);
        Assert.All(report.Figures, f => Assert.True(f.Median > TimeSpan.Zero && f.Percentile95 >= f.Median && f.GigaFlops > 0 && f.PeakShare > 0 && f.Load > TimeSpan.Zero));
        Assert.True(report.Ratio > 0 && report.PeakInt8 > 0 && report.PeakFp32 > 0);
        Assert.NotEmpty(shares);
    }

    private static float[] Logits(ModelPackage package, int batch, int threads, float[][] segments)
    {
        using var session = new NetworkSession(package.NetworkFile, package.Architecture, batch, package.Precision, new() { Threads = threads });
        return [.. session.Run(segments).SelectMany(o => o.Logits)];
    }

    private sealed class Shares(List<double> shares) : IProgress<double>
    {
        public void Report(double value) => shares.Add(value);
    }
}
