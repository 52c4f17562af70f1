using System.Text.Json;
using EcgFm.Testing;

namespace EcgFm.EndToEnd.Tests;

/// <summary>What the shipped package and judgement of beats do on real recordings. The floors lie below the model card's figures: they are for a change that spoils something.</summary>
public sealed class ShippedNetworkTests : IDisposable
{
    private static readonly string Int8 = Path.Combine(TestData.Repository, "models", "ecgfm-nano"), Fp32 = Path.Combine(Int8, "fp32");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ecgfm-shipped-");

    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task<List<JsonElement>> EvaluateAsync(params string[] arguments)
    {
        var (code, output, errors) = await EdgeProcess.RunAsync(["evaluate", .. arguments, "--json"]);
        Assert.True(code == 0, errors);
        return [.. output.Select(line => JsonDocument.Parse(line).RootElement)];
    }

    /// <summary>PTB-XL raw is trained on by nobody.</summary>
    [SkippableTheory]
    [InlineData("12", 0.98)]
    [InlineData("I+II", 0.98)]
    [InlineData("I", 0.98)]
    public async Task Fibrillation_is_told_on_records_that_no_part_was_trained_on_and_eight_bits_lose_nothing(string leads, double floor)
    {
        var records = TestData.Data("ptbxl-raw");
        async Task<JsonElement> Figures(string model) => (await EvaluateAsync("windows", "--records", records, "--labels", Path.Combine(records, "labels.csv"), "--leads", leads, "--model", model))
            .Single(line => line.GetProperty("type").GetString() == "label" && line.GetProperty("label").GetString() == "Atrial fibrillation" && line.GetProperty("by").GetString() == "both")
            .GetProperty("figures");
        var (eight, full) = (await Figures(Int8), await Figures(Fp32));
        static double Value(JsonElement figures, string name) => figures.GetProperty(name).GetProperty("value").GetDouble();
        Assert.InRange(Value(eight, "auroc"), floor, 1);
        Assert.InRange(Value(eight, "sensitivity"), 0.9, 1);
        Assert.InRange(Value(eight, "specificity"), 0.95, 1);
        Assert.InRange(Value(eight, "auroc"), Value(full, "auroc") - 0.002, 1);
    }

    /// <summary>Two persons with paroxysms and two records that fire easily. The network was trained on them: this guards the way from the samples to the alerts.</summary>
    [SkippableFact]
    public async Task Alerts_on_whole_records_stand_where_the_annotations_do()
    {
        foreach (var record in new[] { "201", "203", "106", "208" })
            foreach (var part in new[] { "hea", "dat", "atr" })
                File.CreateSymbolicLink(Path.Combine(_folder.FullName, $"{record}.{part}"), Path.GetFullPath(TestData.Data("mitdb", $"{record}.{part}")));
        var sum = (await EvaluateAsync("episodes", "--records", _folder.FullName)).Single(line => line.GetProperty("type").GetString() == "sum" && line.GetProperty("by").GetString() == "both");
        var figures = sum.GetProperty("figures");
        Assert.InRange(figures.GetProperty("durationSensitivity").GetDouble(), 0.9, 1);
        Assert.InRange(figures.GetProperty("durationPredictivity").GetDouble(), 0.93, 1);
        Assert.True(sum.GetProperty("falseAlerts").GetInt32() == 0, sum.ToString());
    }
}
