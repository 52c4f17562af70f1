using System.IO.Compression;
using System.Text.Json;
using EcgFm.Testing;

namespace EcgFm.EndToEnd.Tests;

/// <summary>The <c>model</c> commands as a user types them: from the authors' checkpoint to a measured package, wrong usage, files that mean harm.</summary>
public sealed class ModelCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ecgfm-model-commands-");

    public void Dispose() => _folder.Delete(recursive: true);

    private string In(string name) => Path.Combine(_folder.FullName, name);

    [SkippableFact]
    public async Task A_checkpoint_becomes_packages_that_are_shown_verified_and_measured()
    {
        var checkpoint = TestData.Reference("ecgfm_small.pt");
        var about = await DoneAsync("model", "info", checkpoint);
        Assert.Contains(about, line => line.StartsWith("holds", StringComparison.Ordinal) && line.Contains("last_optimizer_state: a dict, ", StringComparison.Ordinal));
        Assert.Contains(about, line => line.Contains("2 layers of width 64", StringComparison.Ordinal));

        var converted = await DoneAsync("model", "convert", checkpoint, "--out", In("small"), "--precision", "fp32", "--precision", "int8", "--name", "small");
        Assert.Equal([In("small/fp32"), In("small/int8")], converted.Select(line => line[..line.IndexOf(':', StringComparison.Ordinal)]));
        Assert.All(converted, line => Assert.Contains("(simulator)", line, StringComparison.Ordinal));

        var shown = await DoneAsync("model", "info", In("small/int8"));
        Assert.Contains("package     small 1, int8", shown);
        Assert.Equal(17, shown.Count(line => line.StartsWith("label ", StringComparison.Ordinal)));
        Assert.Contains(shown, line => line.Contains("Atrial fibrillation", StringComparison.Ordinal) && line.Contains("SNOMED CT 164889003", StringComparison.Ordinal));

        foreach (var precision in new[] { "fp32", "int8" })
        {
            var verified = await DoneAsync("model", "verify", In("small/" + precision), "--reference", TestData.Reference());
            Assert.Equal(["logits", "embedding", "saliency"], verified.Skip(1).Select(line => line.Split(' ')[0]));
            Assert.All(verified.Skip(1), line => Assert.EndsWith("passed", line, StringComparison.Ordinal));
        }

        var bench = await DoneAsync("model", "bench", In("small/int8"), "--against", In("small/fp32"), "--seconds", "0.3", "--threads", "1", "--json");
        var report = JsonDocument.Parse(Assert.Single(bench)).RootElement;
        Assert.Equal("bench", report.GetProperty("type").GetString());
        Assert.Equal(["int8", "fp32"], report.GetProperty("packages").EnumerateArray().Select(p => p.GetProperty("precision").GetString()));
        Assert.All(report.GetProperty("packages").EnumerateArray(), p => Assert.True(p.GetProperty("medianMs").GetDouble() > 0 && p.GetProperty("p95Ms").GetDouble() >= p.GetProperty("medianMs").GetDouble()));
        Assert.True(report.GetProperty("ratio").GetDouble() > 0 && report.GetProperty("peakMemoryBytes").GetInt64() > 0);
    }

    [SkippableFact]
    public async Task A_package_that_is_off_fails_its_verification()
    {
        _ = await DoneAsync("model", "convert", TestData.Reference("ecgfm_small.pt"), "--out", In("small"));
        Directory.CreateDirectory(In("reference"));
        foreach (var file in Directory.EnumerateFiles(TestData.Reference(), "small.*")) File.Copy(file, Path.Combine(In("reference"), Path.GetFileName(file)));
        var logits = File.ReadAllBytes(In("reference/small.logits_f64.bin"));
        BitConverter.GetBytes(9.0).CopyTo(logits, 0);
        File.WriteAllBytes(In("reference/small.logits_f64.bin"), logits);

        var (code, output, errors) = await EdgeProcess.RunAsync("model", "verify", In("small"), "--reference", In("reference"));
        Assert.Equal(1, code);
        Assert.Contains(output, line => line.StartsWith("logits", StringComparison.Ordinal) && line.EndsWith("FAILED", StringComparison.Ordinal));
        Assert.Contains("further from the reference than its precision allows", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model", "convert")]
    [InlineData("model", "convert", "a.pt")]
    [InlineData("model", "convert", "a.pt", "--out", "b", "--precision", "int4")]
    [InlineData("model", "verify", "a")]
    [InlineData("model", "bench", "a", "--threads", "many")]
    [InlineData("model", "bench", "a", "--provider", "abacus")]
    [InlineData("model", "info")]
    [InlineData("model", "paint", "a")]
    public async Task Wrong_usage_ends_with_2(params string[] arguments)
    {
        var (code, _, errors) = await EdgeProcess.RunAsync(arguments);
        Assert.Equal(2, code);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("info")]
    [InlineData("convert", "--out", "package", "--precision", "int8")]
    public async Task A_hostile_checkpoint_ends_with_1_and_one_sentence(string command, params string[] more)
    {
        var ran = In("ran");
        using (var zip = ZipFile.Open(In("hostile.pt"), ZipArchiveMode.Create))
        using (var pickle = zip.CreateEntry("archive/data.pkl", CompressionLevel.NoCompression).Open())
            pickle.Write([0x80, 2, (byte)'}', .. Text("model"), .. "cos\nsystem\n"u8, .. Text($"touch {ran}"), 0x85, (byte)'R', (byte)'s', (byte)'.']);

        var (code, output, errors) = await EdgeProcess.RunAsync(["model", command, In("hostile.pt"), .. more.Select(m => m == "package" ? In(m) : m)]);
        Assert.Equal(1, code);
        Assert.Empty(output);
        var sentence = Assert.Single(errors.Split('\n'), line => line.StartsWith("ecgfm-edge: ", StringComparison.Ordinal));
        Assert.Contains($"{In("hostile.pt")}: model: it is an object of the unknown kind os.system", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        Assert.False(File.Exists(ran));

        static byte[] Text(string text) => [(byte)'X', .. BitConverter.GetBytes(text.Length), .. System.Text.Encoding.ASCII.GetBytes(text)];
    }

    private static async Task<IReadOnlyList<string>> DoneAsync(params string[] arguments)
    {
        var (code, output, errors) = await EdgeProcess.RunAsync(arguments);
        Assert.True(code == 0, errors);
        return output;
    }
}
