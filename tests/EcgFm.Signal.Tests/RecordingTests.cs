using System.Reactive.Linq;
using EcgFm.Acquisition.Wfdb;
using EcgFm.Core;
using EcgFm.Testing;
using Xunit.Abstractions;

namespace EcgFm.Signal.Tests;

/// <summary>Beats and quality on real recordings, with the figures in the test's output.</summary>
public class RecordingTests(ITestOutputHelper output)
{
    private const byte FlutterBegins = 32, FlutterEnds = 33;

    /// <summary>Windows every eight seconds; of each the beats from its second second to its ninth, so that each instant is judged once.</summary>
    private const int Hop = 8, Margin = 1;

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void BeatsOfMitdbAreFound(bool allLeads)
    {
        var total = default(BeatMatch);
        foreach (var path in Records("mitdb"))
        {
            var record = WfdbRecord.Open(path);
            var windows = Windows(record, TimeSpan.FromSeconds(Hop), finite: false);
            // A single lead: the first of the record.
            var one = LeadSet.None;
            Assert.True(StandardLeads.TryParse(record.Channels.Names[0], out var first));
            one = one.With(first);
            var found = windows.SelectMany(window => BeatDetector.Detect(window, allLeads ? LeadSet.All : one)
                .Where(beat => beat >= Margin * 500 && beat < (Margin + Hop) * 500)
                .Select(beat => (window.FirstSample + beat) / 500.0));

            var annotations = WfdbAnnotations.Read(Path.ChangeExtension(path, ".atr"));
            var flutter = Flutter(annotations, record.SampleRate);
            bool Counts(double at) => at >= Margin && at < (windows[^1].FirstSample / 500.0) + Margin + Hop
                && !flutter.Any(span => at >= span.From && at < span.To);
            var match = BeatMatch.Of(
                [.. annotations.Beats.Select(beat => beat.Sample / record.SampleRate).Where(Counts)], [.. found.Where(Counts)]);
            output.WriteLine($"{record.Name}: sensitivity {match.Sensitivity:P2}, predictivity {match.Predictivity:P2}, {match}");
            total += match;
        }

        output.WriteLine($"All: sensitivity {total.Sensitivity:P3}, predictivity {total.Predictivity:P3}, {total}");
        Assert.True(total.Sensitivity > (allLeads ? 0.997 : 0.99) && total.Predictivity > (allLeads ? 0.997 : 0.99), total.ToString());
    }

    /// <summary>As the monitor has them and <c>evaluate episodes --out</c> writes them: window after window, of the good leads, to the record's last second.</summary>
    [SkippableFact]
    public void BeatsOfWholeMitdbRecordsAreFound()
    {
        var total = default(BeatMatch);
        foreach (var path in Records("mitdb"))
        {
            var record = WfdbRecord.Open(path);
            var found = new List<double>();
            foreach (var window in Windows(record, null).Select(QualityAssessor.Assess))
                foreach (var beat in window.Beats)
                    if ((window.Window.FirstSample + beat) / 500.0 is var at && (found.Count == 0 || at - found[^1] >= 0.2))
                        found.Add(at);

            var annotations = WfdbAnnotations.Read(Path.ChangeExtension(path, ".atr"));
            var flutter = Flutter(annotations, record.SampleRate);
            bool Counts(double at) => !flutter.Any(span => at >= span.From && at < span.To);
            total += BeatMatch.Of([.. annotations.Beats.Select(beat => beat.Sample / record.SampleRate).Where(Counts)], [.. found.Where(Counts)]);
        }

        output.WriteLine($"All: sensitivity {total.Sensitivity:P3}, predictivity {total.Predictivity:P3}, {total}");
        Assert.True(total.Sensitivity > 0.996 && total.Predictivity > 0.997, total.ToString());
    }

    [SkippableFact]
    public void NoisyStripsOfCincAreToldFromNormalOnes()
    {
        var classes = File.ReadLines(TestData.Data("cinc2017", "REFERENCE-v3.csv")).Select(line => line.Split(',')).ToDictionary(row => row[0], row => row[1]);
        var usable = classes
            .SelectMany(strip => Windows(WfdbRecord.Open(TestData.Data("cinc2017", strip.Key + ".hea")), null)
                .Select(window => (Class: strip.Value, QualityAssessor.Assess(window).Quality.Usable)))
            .GroupBy(window => window.Class)
            .ToDictionary(group => group.Key, group => group.Average(window => window.Usable ? 1.0 : 0));
        foreach (var (kind, share) in usable) output.WriteLine($"{kind}: {share:P1} of the windows usable");
        Assert.True(usable["N"] > 0.96);
        Assert.True(usable["A"] > 0.96);
        Assert.True(usable["~"] < 0.4);
    }

    [SkippableTheory]
    [InlineData("mitdb", 60)]
    [InlineData("ptbxl-raw", 10)]
    public void MonitorAndClinicRecordsAreUsable(string collection, int hopSeconds)
    {
        var windows = Records(collection)
            .SelectMany(path => Windows(WfdbRecord.Open(path), TimeSpan.FromSeconds(hopSeconds)).Select(QualityAssessor.Assess))
            .Where(window => (window.Quality.Any & QualityIssue.Missing) == 0)
            .ToList();
        foreach (var issue in Enum.GetValues<QualityIssue>())
            output.WriteLine($"{issue}: {windows.Count(window => (window.Quality.Any & issue) != 0)} of {windows.Count} windows");
        Assert.InRange(windows.Count(window => window.Quality.Usable), windows.Count * 0.97, windows.Count);
        Assert.All(windows.Where(window => window.Quality.Usable), window => Assert.InRange(window.HeartRate!.Value, 25, 280));
    }

    private static string[] Records(string collection) =>
        [.. Directory.GetFiles(TestData.Data(collection), "*.hea", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    /// <summary>The record at 500 Hz in standard leads; a strip near ten seconds is padded.</summary>
    private static IReadOnlyList<EcgWindow> Windows(WfdbRecord record, TimeSpan? hop, bool finite = true)
    {
        using var reader = record.OpenReader();
        var block = reader.ReadBlock((int)record.Length, Blocks.Epoch)!;
        return Observable.Return(block).ToStandardLeads().Resample(500, record.Length).Windows(hop, finite).Collect();
    }

    /// <summary>Ventricular flutter, which has no beats to be found; <c>bxb</c> leaves it out too.</summary>
    private static List<(double From, double To)> Flutter(WfdbAnnotations annotations, double rate)
    {
        var spans = new List<(double, double)>();
        var from = double.NaN;
        foreach (var annotation in annotations.Items)
        {
            if (annotation.Code == FlutterBegins) from = annotation.Sample / rate;
            if (annotation.Code == FlutterEnds) spans.Add((from, annotation.Sample / rate));
        }

        return spans;
    }
}
