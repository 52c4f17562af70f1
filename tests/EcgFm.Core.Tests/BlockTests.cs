namespace EcgFm.Core.Tests;

public class BlockTests
{
    [Fact]
    public void A_block_gives_each_channel_its_samples()
    {
        var block = new EcgBlock { Channels = new(["II", "V1"]), SampleRate = 250, FirstSample = 0, Start = default, Samples = [1, 2, 3, 4, 5, 6] };
        Assert.Equal(3, block.Length);
        Assert.Equal([4, 5, 6], block.Channel(1).ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(33)]
    public void A_layout_has_as_many_channels_as_lead_off_has_bits(int channels) =>
        Assert.Throws<ArgumentException>(() => new ChannelLayout([.. Enumerable.Range(0, channels).Select(i => $"{i}")]));

    [Fact]
    public void Quality_tells_good_leads_from_absent_and_bad_ones()
    {
        var issues = new QualityIssue[12];
        issues[0] = QualityIssue.Absent;
        issues[1] = QualityIssue.Noise | QualityIssue.LeadOff;
        var quality = new SignalQuality([.. issues], Usable: true);
        Assert.Equal(LeadSet.All.Count - 2, quality.Good.Count);
        Assert.False(quality.Good.Contains(Lead.II));
        Assert.Equal(QualityIssue.Noise | QualityIssue.LeadOff, quality.Any);
    }
}
