using System.Text.Json.Nodes;
using EcgFm.Model.Conversion;
using EcgFm.Model.Inference;
using EcgFm.Model.Packages;

namespace EcgFm.Model.Tests;

public sealed class PackageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _package;

    public PackageTests()
    {
        var sizes = CheckpointBuilder.TinySizes();
        var labels = new LabelFile([.. new[] { "Atrial fibrillation", "Sinus rhythm", "Something else" }.Select(EcgFmLabels.Named)], EcgFm.Signal.InputFilter.BandPass);
        _package = _folder["package"];
        _ = ModelConverter.Convert(CheckpointBuilder.Write(_folder["tiny.pt"], CheckpointBuilder.Top(sizes)), _package, new() { Labels = labels });
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ItComesBackAsItWasWritten()
    {
        var package = ModelPackage.Load(_package);
        Assert.Equal(("tiny", "1", "fp32"), (package.Identity.Name, package.Identity.Version, package.Identity.Precision));
        Assert.Equal(["Atrial fibrillation", "Sinus rhythm", "Something else"], package.Labels.Select(l => l.Name));
        Assert.Equal("164889003", package.Labels[0].Snomed);
        Assert.Equal(EcgFm.Signal.InputFilter.BandPass, package.Filter);
        Assert.Equal("tiny.pt", package.Provenance.Checkpoint);
        Assert.Equal(CheckpointBuilder.TinySizes().Convolutions.AsEnumerable(), package.Architecture.Convolutions.AsEnumerable());
    }

    [Theory]
    [InlineData("network.onnx")]
    [InlineData("selftest.bin")]
    public void AChangedFileIsRefused(string name)
    {
        var bytes = File.ReadAllBytes(Path.Combine(_package, name));
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(Path.Combine(_package, name), bytes);
        Refused(name, "sha256");
        Assert.Contains("sha256: the file was changed or damaged", Assert.Throws<ModelFileException>(() => EcgModel.Load(_package).Dispose()).Message, StringComparison.Ordinal);
        File.Delete(Path.Combine(_package, name));
        Refused(name, "missing");
    }

    [Theory]
    [InlineData("format", "99", "newer")]
    [InlineData("precision", "\"int4\"", "\"int8\"")]
    [InlineData("name", "7", "a text")]
    [InlineData("labels", "[]", "at least one")]
    [InlineData("labels", "[{\"name\":\"A\"}]", "1")]
    [InlineData("labels", "[{\"name\":\"A\",\"threshold\":2}]", "labels[0].threshold")]
    [InlineData("labels", "[{\"name\":\"A\",\"aggregation\":\"median\"}]", "labels[0].aggregation")]
    [InlineData("network", "{\"file\":\"../secret\",\"sha256\":\"0\"}", "network.file")]
    [InlineData("network", "{}", "network.file")]
    [InlineData("input", "{\"leads\":[\"I\"],\"sampleRate\":500,\"segmentLength\":2500,\"standardise\":\"per lead over the window\"}", "input.leads")]
    [InlineData("input", "{\"leads\":[\"I\",\"II\",\"III\",\"aVR\",\"aVL\",\"aVF\",\"V1\",\"V2\",\"V3\",\"V4\",\"V5\",\"V6\"],\"sampleRate\":500,\"segmentLength\":2500,\"standardise\":\"per lead over the window\",\"views\":\"upside down\"}", "input.views")]
    [InlineData("selfTest", null, "selfTest")]
    [InlineData("conversion", null, "conversion")]
    public void AWrongKeyIsNamed(string key, string? json, string named)
    {
        var manifest = Path.Combine(_package, ModelPackage.ManifestName);
        var root = JsonNode.Parse(File.ReadAllText(manifest))!.AsObject();
        if (json is null) _ = root.Remove(key);
        else root[key] = JsonNode.Parse(json);
        File.WriteAllText(manifest, root.ToJsonString());
        Refused(ModelPackage.ManifestName, named);
    }

    [Fact]
    public void NoManifestIsNoPackage()
    {
        File.WriteAllText(Path.Combine(_package, ModelPackage.ManifestName), "{ not json");
        Refused(ModelPackage.ManifestName, "no valid JSON");
        File.Delete(Path.Combine(_package, ModelPackage.ManifestName));
        Refused(ModelPackage.ManifestName, "cannot be read");
        _ = Assert.Throws<ModelFileException>(() => ModelPackage.Load(_folder["nowhere"]));
    }

    [Fact]
    public void ANetworkThatGivesWrongNumbersFailsItsSelfTest()
    {
        // The same package with other expected logits stands for a device whose arithmetic is wrong.
        var test = Path.Combine(_package, "selftest.bin");
        var bytes = File.ReadAllBytes(test);
        BitConverter.GetBytes(9f).CopyTo(bytes, bytes.Length - 4);
        File.WriteAllBytes(test, bytes);
        var manifest = Path.Combine(_package, ModelPackage.ManifestName);
        var root = JsonNode.Parse(File.ReadAllText(manifest))!.AsObject();
        root["selfTest"]!["sha256"] = ModelPackage.Sha256(test);
        File.WriteAllText(manifest, root.ToJsonString());
        var error = Assert.Throws<ModelFileException>(() => EcgModel.Load(_package).Dispose());
        Assert.Contains("wrong numbers on this device", error.Message, StringComparison.Ordinal);
        using var model = EcgModel.Load(_package, new() { SelfTest = false });
    }

    [Fact]
    public void AProviderThatCannotBeHadIsReplacedWithOneWarning()
    {
        var warnings = new List<string>();
        using var model = EcgModel.Load(_package, new() { Provider = ExecutionProvider.TensorRt, Warning = warnings.Add });
        Assert.Equal("CPU", model.Provider);
        Assert.Contains("TensorRT", Assert.Single(warnings), StringComparison.Ordinal);
    }

    private void Refused(params string[] named)
    {
        var error = Assert.Throws<ModelFileException>(() => ModelPackage.Load(_package));
        Assert.All(named, n => Assert.Contains(n, error.Message, StringComparison.Ordinal));
    }
}
