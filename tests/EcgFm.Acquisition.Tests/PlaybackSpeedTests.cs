namespace EcgFm.Acquisition.Tests;

public class PlaybackSpeedTests
{
    [Theory]
    [InlineData("1", 1, false)]
    [InlineData("60", 60, false)]
    [InlineData("60x", 60, false)]
    [InlineData("0.5", 0.5, false)]
    [InlineData(" max ", double.PositiveInfinity, true)]
    [InlineData("MAX", double.PositiveInfinity, true)]
    public void Speeds_are_read(string text, double factor, bool isMax)
    {
        var speed = PlaybackSpeed.Parse(text);
        Assert.Equal(factor, speed.Factor);
        Assert.Equal(isMax, speed.IsMax);
        Assert.Equal(speed, PlaybackSpeed.Parse(speed.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("fast")]
    [InlineData("1e999")]
    public void Other_texts_are_refused(string text) => Assert.Throws<FormatException>(() => PlaybackSpeed.Parse(text));

    [Fact]
    public void The_default_is_real_time()
    {
        Assert.Equal(PlaybackSpeed.RealTime, default);
        Assert.Equal(PlaybackSpeed.RealTime, PlaybackSpeed.Times(1));
        Assert.Equal(1, default(PlaybackSpeed).Factor);
    }
}
