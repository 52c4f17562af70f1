using EcgFm.Acquisition.Devices;

namespace EcgFm.Acquisition.Tests.Devices;

public class GapFillerTests
{
    private readonly GapFiller _filler = new(2, 500, TimeSpan.FromMilliseconds(40));

    [Fact]
    public void The_first_samples_have_no_gap_before_them()
    {
        Assert.Equal(0, _filler.LeadIn(700));
        Assert.Equal((0L, 0L), (_filler.Interpolated, _filler.Missing));
    }

    [Fact]
    public void A_short_gap_becomes_a_straight_line_in_each_channel()
    {
        Fill(0, [0, 1, 2, 0, -1, -2], 0);

        var leadIn = _filler.LeadIn(6);
        float[] samples = [0, 0, 0, 6, 7, 0, 0, 0, -10, -11];
        Fill(6, samples, leadIn);

        Assert.Equal(3, leadIn);
        Assert.Equal([3, 4, 5, 6, 7, -4, -6, -8, -10, -11], samples);
        Assert.Equal(0, _filler.LeadIn(8));
        Assert.Equal((3L, 0L), (_filler.Interpolated, _filler.Missing));
    }

    [Theory]
    [InlineData(20, 20, 0)]
    [InlineData(21, 0, 21)]
    [InlineData(1_000_000_000, 0, 1_000_000_000)]
    public void Forty_milliseconds_are_bridged_and_more_is_left_open(long gap, int interpolated, long missing)
    {
        Fill(0, [0, 0], 0);

        Assert.Equal(interpolated, _filler.LeadIn(1 + gap));
        Assert.Equal((interpolated, missing), (_filler.Interpolated, _filler.Missing));
    }

    [Fact]
    public void A_guessed_gap_is_left_open_however_short()
    {
        Fill(0, [0, 0], 0);

        Assert.Equal(0, _filler.LeadIn(6, certain: false));
        Assert.Equal(5, _filler.Missing);
    }

    private void Fill(long index, float[] samples, int leadIn)
    {
        var length = samples.Length / 2;
        for (var channel = 0; channel < 2; channel++) _filler.Bridge(channel, samples.AsSpan(channel * length, length), leadIn);
        _filler.Advance(index + length - leadIn);
    }
}
