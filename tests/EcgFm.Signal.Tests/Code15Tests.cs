using System.Reactive.Linq;
using EcgFm.Core;
using EcgFm.Testing;

namespace EcgFm.Signal.Tests;

/// <summary>The ten CODE-15 records at each stage of the preprocessing of ECG-FM's authors.</summary>
public class Code15Tests
{
    private const double Tolerance = 1e-4;
    private const int Segment = 2500;

    [SkippableFact]
    public void TheTenRecordsAreThere() => Assert.Equal(10, Records().Length);

    [SkippableTheory]
    [InlineData(int.MaxValue)]
    [InlineData(37)]
    [InlineData(1)]
    public void EveryRecordIsResampledAndStandardizedAsTheAuthorsDo(int blockLength)
    {
        foreach (var record in Records())
        {
            var ours = Standardized(record, blockLength);
            var (rows, columns, theirs) = MatFile.Read(TestData.Data("code15", "preprocessed", record + ".mat"), "feats");
            Assert.Equal(StandardLeads.Count, rows);
            Assert.Equal(columns, ours.Length / rows);
            AssertClose(record, theirs, ours);
        }
    }

    [SkippableFact]
    public void EverySegmentIsAsTheAuthorsCutIt()
    {
        var segments = 0;
        foreach (var record in Records())
        {
            var ours = Standardized(record, 40);
            var length = ours.Length / StandardLeads.Count;
            for (var segment = 0; (segment + 1) * Segment <= length; segment++, segments++)
            {
                var (_, columns, theirs) = MatFile.Read(TestData.Data("code15", "segmented", $"{record}_{segment}.mat"), "feats");
                Assert.Equal(Segment, columns);
                var cut = new float[StandardLeads.Count * Segment];
                for (var lead = 0; lead < StandardLeads.Count; lead++)
                    ours.AsSpan((lead * length) + (segment * Segment), Segment).CopyTo(cut.AsSpan(lead * Segment));
                AssertClose(record, theirs, cut);
            }
        }

        Assert.Equal(Directory.GetFiles(TestData.Data("code15", "segmented"), "*.mat").Length, segments);
    }

    private static string[] Records() =>
        [.. Directory.GetFiles(TestData.Data("code15", "org"), "*.mat").Select(path => Path.GetFileNameWithoutExtension(path)).Order()];

    /// <summary>The record through the operators, in blocks of this length; standardised as a whole.</summary>
    private static float[] Standardized(string record, int blockLength)
    {
        var path = TestData.Data("code15", "org", record + ".mat");
        var (_, length, values) = MatFile.Read(path, "feats");
        var rate = MatFile.Read(path, "curr_sample_rate").Values[0];
        var layout = new ChannelLayout(["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"]);
        var block = Blocks.Of(layout, rate, [.. values.Select(value => (float)value)]);
        var resampled = Blocks.Join(block.Cut(blockLength).ToObservable().ToStandardLeads().Resample(500, length).Collect());
        var result = new float[resampled.Samples.Length];
        for (var lead = 0; lead < StandardLeads.Count; lead++)
            Standardizer.Standardize(resampled.Channel(lead), result.AsSpan(lead * resampled.Length, resampled.Length));
        return result;
    }

    private static void AssertClose(string record, double[] theirs, float[] ours)
    {
        var worst = theirs.Zip(ours, (a, b) => Math.Abs(a - b)).Max();
        Assert.True(worst <= Tolerance, $"{record}: the greatest difference is {worst:G3}.");
    }
}
