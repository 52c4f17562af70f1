using EcgFm.Acquisition.Wfdb;
using EcgFm.Testing;

namespace EcgFm.Acquisition.Tests.Wfdb;

/// <summary>The dashboard writes records in TypeScript; test/download/wfdb.test.ts holds it to the bytes of this one.</summary>
public class DashboardRecordTests
{
    [Fact]
    public void What_the_dashboard_saves_is_read_with_its_missing_samples()
    {
        var record = WfdbRecord.Open(Path.Combine(TestData.Repository, "tests", "EcgFm.Acquisition.Tests", "Wfdb", "dashboard", "bed-1_20261126T000020Z_asystole"));
        Assert.Equal(["II", "V1"], record.Channels.Names.AsEnumerable());
        Assert.Equal((500.0, 4), (record.SampleRate, record.Length));
        Assert.Equal(new DateTimeOffset(2026, 11, 26, 0, 0, 20, 500, TimeSpan.Zero), record.Header.Start);
        Assert.Equal("Research software, not a medical device, not a primary alarm.", record.Header.Info[^1]);
        Assert.Equal([0, 1, float.NaN, -0.001f, float.NaN, 32.767f, -32.767f, 0.25f], record.ReadAll());
    }
}
