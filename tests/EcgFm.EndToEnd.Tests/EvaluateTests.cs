using System.Text.Json;
using System.Text.Json.Nodes;
using EcgFm.Acquisition.Simulation;
using EcgFm.Acquisition.Wfdb;
using EcgFm.Testing;

namespace EcgFm.EndToEnd.Tests;

/// <summary>The evaluation as a user runs it, on simulated patients whose truth is known.</summary>
public sealed class EvaluateTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ecgfm-evaluate-");

    public void Dispose() => _folder.Delete(recursive: true);

    private string In(string name) => Path.Combine(_folder.FullName, name);

    private static int Figure(JsonElement line, string name) => line.GetProperty("figures").GetProperty(name).GetInt32();

    private static List<JsonElement> Json(IEnumerable<string> lines) => [.. lines.Select(line => JsonDocument.Parse(line).RootElement)];

    [Fact]
    public async Task Windows_are_judged_per_label_by_network_beats_and_both()
    {
        for (var i = 0; i < 3; i++) SimulatedRecord.Write(In($"af{i}"), RhythmScript.Parse("af@95:20s"), seed: i);
        for (var i = 0; i < 3; i++) SimulatedRecord.Write(In($"sinus{i}"), RhythmScript.Parse("sinus@70:20s"), seed: i);
        File.WriteAllText(In("labels.csv"), "record,Atrial fibrillation,Sinus rhythm\naf0,1,0\naf1,1,0\naf2,1,0\nsinus0,0,1\nsinus1,0,1\nsinus2,0,\n");

        var (code, output, errors) = await EdgeProcess.RunAsync("evaluate", "windows", "--records", _folder.FullName, "--labels", In("labels.csv"), "--json");
        Assert.True(code == 0, errors);
        List<JsonElement> rows = [.. Json(output).Where(line => line.GetProperty("type").GetString() == "label")];
        Assert.Equal(6, Json(output).Count - rows.Count);
        Assert.Equal(["network", "beats", "both"], rows.Where(row => row.GetProperty("label").GetString() == "Atrial fibrillation").Select(row => row.GetProperty("by").GetString()));
        var sinus = rows.Single(row => row.GetProperty("label").GetString() == "Sinus rhythm");
        Assert.Equal((2, 3), (sinus.GetProperty("positives").GetInt32(), sinus.GetProperty("negatives").GetInt32()));
        var both = rows.Single(row => row.GetProperty("by").GetString() == "both").GetProperty("figures");
        Assert.Equal(1, both.GetProperty("auroc").GetProperty("value").GetDouble());
        Assert.Equal(1, both.GetProperty("auroc").GetProperty("low").GetDouble());
    }

    [Fact]
    public async Task Without_a_table_each_window_is_judged_by_the_annotations()
    {
        SimulatedRecord.Write(In("paroxysm"), RhythmScript.Parse("sinus@70:30s,af@95:60s,sinus+pvc=0.5:30s"));
        SimulatedRecord.Write(In("short"), RhythmScript.Parse("sinus@70:4s"));
        var (code, output, errors) = await EdgeProcess.RunAsync("evaluate", "windows", "--records", _folder.FullName, "--json");
        Assert.True(code == 0, errors);
        Assert.Contains($"{In("short.hea")} is too short for a window; it is left out", errors, StringComparison.Ordinal);
        var lines = Json(output);
        Assert.Equal(Enumerable.Range(0, 12).Select(i => 10.0 * i), lines.Where(line => line.GetProperty("type").GetString() == "record").Select(line => line.GetProperty("start").GetDouble()));
        // Slow or not is nothing that rhythm annotations say of every window.
        Assert.DoesNotContain(lines, line => line.GetProperty("type").GetString() == "label" && line.GetProperty("label").GetString() == "Bradycardia");
        JsonElement Row(string label) => lines.First(line => line.GetProperty("type").GetString() == "label" && line.GetProperty("label").GetString() == label);
        Assert.Equal((6, 6), (Row("Atrial fibrillation").GetProperty("positives").GetInt32(), Row("Atrial fibrillation").GetProperty("negatives").GetInt32()));
        Assert.InRange(Row("Premature ventricular contraction").GetProperty("positives").GetInt32(), 2, 3);
    }

    /// <summary>Whoever goes on with <c>&amp;&amp;</c> must not go on with half a result. Half an hour each of twenty records and more are left when the first is done.</summary>
    [SkippableFact]
    public async Task An_evaluation_that_is_interrupted_has_failed()
    {
        await using var evaluation = EdgeProcess.Start("evaluate", "episodes", "--records", TestData.Data("mitdb"), "--json");
        await evaluation.OutputAsync("\"type\":\"record\"");
        evaluation.Signal(15);
        Assert.Equal(1, await evaluation.ExitAsync());
    }

    [Fact]
    public async Task Other_numbers_judge_the_beats_and_a_wrong_file_is_named()
    {
        SimulatedRecord.Write(In("a"), RhythmScript.Parse("sinus@70:20s"));
        var numbers = JsonNode.Parse(File.ReadAllText(Path.Combine(TestData.Repository, "src", "EcgFm.Signal", "Rhythm", "RhythmClassifier.json")))!;
        numbers["outputBias"] = 20;
        File.WriteAllText(In("always.json"), numbers.ToJsonString());
        var (_, output, _) = await EdgeProcess.RunAsync("evaluate", "windows", "--records", _folder.FullName, "--json", "--beats", In("always.json"));
        var labels = Json(output).First().GetProperty("labels").EnumerateArray();
        Assert.Equal(1, labels.Single(label => label.GetProperty("label").GetString() == "Atrial fibrillation").GetProperty("beats").GetDouble(), 0.01);

        numbers["output"]!.AsArray().RemoveAt(0);
        File.WriteAllText(In("always.json"), numbers.ToJsonString());
        var (code, _, errors) = await EdgeProcess.RunAsync("evaluate", "windows", "--records", _folder.FullName, "--beats", In("always.json"));
        Assert.Equal(2, code);
        Assert.Contains("always.json: the counts of its numbers do not fit each other", errors, StringComparison.Ordinal);
    }

    /// <summary>A record whose two leads say different things: what is said of one lead alone cannot be what is said of both.</summary>
    [Fact]
    public async Task Fewer_leads_are_fewer_leads()
    {
        SimulatedRecord.Write(In("a"), RhythmScript.Parse("af@95:20s"));
        File.WriteAllText(In("labels.csv"), "record,Atrial fibrillation\na,1\n");
        async Task<(string Said, string Errors)> Judge(params string[] more)
        {
            var (code, output, errors) = await EdgeProcess.RunAsync(["evaluate", "windows", "--records", _folder.FullName, "--labels", In("labels.csv"), "--json", .. more]);
            Assert.Equal(0, code);
            return (Json(output)[0].GetProperty("labels").GetRawText(), errors);
        }

        var (all, _) = await Judge();
        var (limb, none) = await Judge("--leads", "I+II");
        Assert.NotEqual(all, limb);
        Assert.Empty(none);
        Assert.NotEqual(limb, (await Judge("--leads", "I")).Said);

        // Whoever asks for a lead that the record lacks is told.
        File.WriteAllText(In("a.hea"), File.ReadAllText(In("a.hea")).Replace(" 0 I\n", " 0 V9\n", StringComparison.Ordinal));
        Assert.Contains("a has no lead I; it is judged without", (await Judge("--leads", "I+II")).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_that_cannot_be_judged_costs_the_others_nothing_and_is_named()
    {
        SimulatedRecord.Write(In("a"), RhythmScript.Parse("sinus@70:30s"));
        SimulatedRecord.Write(In("b"), RhythmScript.Parse("sinus@70:30s"));
        File.Delete(In("a.dat"));
        foreach (var what in new[] { "windows", "episodes", "beats" })
        {
            var (code, output, errors) = await EdgeProcess.RunAsync(["evaluate", what, "--records", _folder.FullName, .. what == "beats" ? Array.Empty<string>() : ["--json"]]);
            Assert.Equal(1, code);
            Assert.Contains($"{In("a.hea")} is left out: ", errors, StringComparison.Ordinal);
            Assert.Contains("1 of 2 records could not be judged; the figures are those of the others", errors, StringComparison.Ordinal);
            Assert.Contains(output, line => line.Contains("\"record\":\"b\"", StringComparison.Ordinal));
        }
    }

    /// <summary>Strips of 15 to 19 s have their last seconds in a window that reaches back: nothing of them is padding, and nothing is too noisy for want of samples.</summary>
    [Theory]
    [InlineData(12)]
    [InlineData(17)]
    [InlineData(27)]
    public async Task A_strip_of_any_length_is_judged(int seconds)
    {
        SimulatedRecord.Write(In("a"), RhythmScript.Parse($"af@95:{seconds}s"));
        File.WriteAllText(In("labels.csv"), "record,Atrial fibrillation\na,1\n");
        var (_, output, errors) = await EdgeProcess.RunAsync("evaluate", "windows", "--records", _folder.FullName, "--labels", In("labels.csv"), "--json");
        Assert.Empty(errors);
        Assert.True(Json(output)[0].GetProperty("usable").GetBoolean());
        Assert.InRange(Json(output)[0].GetProperty("labels").EnumerateArray().Single(label => label.GetProperty("label").GetString() == "Atrial fibrillation").GetProperty("both").GetDouble(), 0.5, 1);
    }

    [Fact]
    public async Task Episodes_are_compared_written_and_drawn()
    {
        SimulatedRecord.Write(In("paroxysm"), RhythmScript.Parse("sinus@70:340s,af@95:120s,sinus@70:80s"));
        SimulatedRecord.Write(In("sinus"), RhythmScript.Parse("sinus@70:120s"));

        var (code, output, errors) = await EdgeProcess.RunAsync("evaluate", "episodes", "--records", _folder.FullName, "--out", In("out"), "--svg", "--json");
        Assert.True(code == 0, errors);
        var lines = Json(output);
        Assert.Equal(6, lines.Count(line => line.GetProperty("type").GetString() == "record"));
        var sum = lines.Single(line => line.GetProperty("type").GetString() == "sum" && line.GetProperty("by").GetString() == "both");
        Assert.Equal((2, 1), (sum.GetProperty("records").GetInt32(), sum.GetProperty("recordsWithEpisodes").GetInt32()));
        Assert.Equal((1, 1, 1), (Figure(sum, "referenceFound"), Figure(sum, "testEpisodes"), Figure(sum, "testRight")));
        Assert.InRange(sum.GetProperty("figures").GetProperty("durationSensitivity").GetDouble(), 0.9, 1);
        Assert.Equal(120, sum.GetProperty("figures").GetProperty("referenceSeconds").GetDouble(), 0.5);
        Assert.InRange(sum.GetProperty("medianDelay").GetDouble(), 20, 60);

        // What was written says the same as what was counted.
        var record = WfdbRecord.Open(In("paroxysm"));
        var written = WfdbAnnotations.Read(In("out/paroxysm.ecgfm"));
        var alert = lines.First(line => line.GetProperty("record").GetString() == "paroxysm" && line.GetProperty("by").GetString() == "both").GetProperty("alerts")[0];
        Assert.Equal(["N", "AFIB", "N"], written.Rhythms(record.Length).Select(span => span.Rhythm));
        Assert.Equal(alert[0].GetDouble(), written.Rhythms(record.Length)[1].Start / record.SampleRate, 0.1);
        Assert.Equal(alert[1].GetDouble(), written.Rhythms(record.Length)[1].End / record.SampleRate, 0.1);
        var truth = record.ReadAnnotations().Beats.Count();
        Assert.InRange(written.Beats.Count(), truth - 1, truth + 1);

        var picture = System.Xml.Linq.XDocument.Load(In("out/paroxysm.svg"));
        var words = string.Join('\n', picture.Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value));
        foreach (var word in new[] { "paroxysm", "reference", "alerts", "AFIB", "alert raised at" }) Assert.Contains(word, words, StringComparison.Ordinal);
        Assert.Contains("no alert", File.ReadAllText(In("out/sinus.svg")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("record,Atrial fibrillation\na,2\n", "line 2, column 2: \"2\"; expected 0, 1 or nothing")]
    [InlineData("record,Atrial fibrillation\na\n", "line 2, column 2: \"the end of the row\"; expected 2 columns")]
    [InlineData("a,X\n", "line 1, column 2: \"X\"; expected N, A, O or ~")]
    [InlineData("record,Atrial fibrillation\na,1\na,0\n", "line 3, column 1: \"a\"; expected a record that no row before it names")]
    [InlineData("record,Atrial fibrillation,Sinus rhythm,Atrial fibrillation\na,1,0,0\n", "line 1, column 4: \"Atrial fibrillation\"; expected a label that no column before it has")]
    [InlineData("record,class\na,afib\n", "line 2, column 2: \"afib\"; expected PTB-XL's rhythm statements")]
    [InlineData("record,Waltz\na,1\n", "--labels has the labels Waltz; the network knows")]
    [InlineData("record,Atrial fibrillation\nb,1\n", "names 1 records that are not in")]
    [InlineData("", "line 1, column 1")]
    public async Task A_wrong_table_is_refused_with_file_line_and_column(string table, string error)
    {
        SimulatedRecord.Write(In("a"), RhythmScript.Parse("sinus:10s"));
        File.WriteAllText(In("labels.csv"), table);
        var (code, _, errors) = await EdgeProcess.RunAsync("evaluate", "windows", "--records", _folder.FullName, "--labels", In("labels.csv"));
        Assert.Contains(error, errors, StringComparison.Ordinal);
        Assert.Contains("labels", errors, StringComparison.Ordinal);
        Assert.Equal(2, code);
    }

    [Theory]
    [InlineData("--records is", "evaluate", "episodes", "--records", "nowhere")]
    [InlineData("--label is \"Waltz\"", "evaluate", "episodes", "--records", ".", "--label", "Waltz")]
    [InlineData("--leads is \"X\"", "evaluate", "windows", "--records", ".", "--labels", "x", "--leads", "X")]
    [InlineData("--svg needs --out", "evaluate", "episodes", "--records", ".", "--svg")]
    public async Task A_wrong_word_is_named(string named, params string[] arguments)
    {
        var (code, output, errors) = await EdgeProcess.RunAsync(arguments);
        Assert.Contains(named, errors + string.Join('\n', output), StringComparison.Ordinal);
        Assert.Equal(2, code);
    }
}
