using EcgFm.Acquisition.Wfdb;
using EcgFm.Core;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace EcgFm.Acquisition.Tests.Wfdb;

public class WfdbRoundTripTests
{
    [Theory]
    [InlineData(16)]
    [InlineData(24)]
    [InlineData(32)]
    [InlineData(61)]
    [InlineData(80)]
    [InlineData(160)]
    [InlineData(212)]
    [InlineData(310)]
    [InlineData(311)]
    public void What_is_written_is_read(int format)
    {
        // Single precision holds integers up to 2^24 exactly.
        var limit = format switch { 24 => (1 << 23) - 1, 32 => (1 << 24) - 1, 80 => 127, 212 => 2047, 310 or 311 => 511, _ => 32767 };
        var value = Gen.Frequency(
            (8, Gen.Choose(-limit, limit).Select(v => (float)v)),
            (1, Gen.Elements<float>(limit, -limit, 0, -1)),
            (1, Gen.Constant(float.NaN)));
        var signal = from channels in Gen.Choose(1, 5)
                     from length in Gen.Choose(0, 40)
                     from samples in Gen.ArrayOf(value, channels * length)
                     from piece in Gen.Choose(1, 7)
                     select (Channels: channels, Samples: samples, Piece: piece);
        Prop.ForAll(signal.ToArbitrary(), s => RoundTrip(format, s.Channels, s.Samples, s.Piece)).QuickCheckThrowOnFailure();
    }

    [Property(MaxTest = 50)]
    public void Format_8_keeps_slopes_that_fit(PositiveInt seed)
    {
        var random = new Random(seed.Get);
        var channels = random.Next(1, 4);
        var samples = new float[channels * 50];
        for (var channel = 0; channel < channels; channel++)
            for (int i = 0, value = random.Next(-1000, 1000); i < 50; i++)
                samples[channel * 50 + i] = value += i == 0 ? 0 : random.Next(-128, 128);
        RoundTrip(8, channels, samples, random.Next(1, 60));
    }

    [Fact]
    public void Format_8_follows_a_slope_that_does_not_fit_and_its_checksum_still_holds()
    {
        using var folder = new TemporaryFolder();
        using (var writer = new WfdbRecordWriter(folder["a"], new ChannelLayout(["I"]), 100, format: 8, gain: 1))
            writer.Write([0f, 300, 300, 300, 300]);
        Assert.Equal([0, 127, 254, 300, 300], WfdbRecord.Open(folder["a"]).ReadAll());
    }

    [Fact]
    public void What_exceeds_the_format_is_limited()
    {
        using var folder = new TemporaryFolder();
        using (var writer = new WfdbRecordWriter(folder["a"], new ChannelLayout(["I"]), 100, format: 212, gain: 200))
            writer.Write([100f, -100f, 1.0024f]);
        Assert.Equal([2047 / 200f, -2047 / 200f, 1], WfdbRecord.Open(folder["a"]).ReadAll());
    }

    [Fact]
    public void The_header_says_what_was_written()
    {
        using var folder = new TemporaryFolder();
        var start = new DateTimeOffset(2024, 2, 29, 23, 59, 1, 500, TimeSpan.FromHours(2));
        using (var writer = new WfdbRecordWriter(folder["bed_1.hea"], new ChannelLayout(["I", "V1"]), 500) { Start = start, Info = ["Age: 56"] })
            writer.Write([-0.5f, 0.25f, 1f, 2f]);
        Assert.Equal(
            "bed_1 2 500 2 21:59:01.500 29/02/2024\nbed_1.dat 16 1000(0)/mV 16 0 -500 -250 0 I\nbed_1.dat 16 1000(0)/mV 16 0 1000 3000 0 V1\n# Age: 56\n",
            File.ReadAllText(folder["bed_1.hea"]));
        Assert.Equal(start, WfdbRecord.Open(folder["bed_1"]).Header.Start);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("ä")]
    [InlineData("")]
    public void Names_that_WFDB_does_not_allow_are_refused(string name)
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<ArgumentException>(() => new WfdbRecordWriter(folder[name + ".hea"], StandardLeads.Layout, 500));
    }

    private static void RoundTrip(int format, int channels, float[] samples, int piece)
    {
        using var folder = new TemporaryFolder();
        var length = samples.Length / channels;
        var layout = new ChannelLayout([.. Enumerable.Range(1, channels).Select(i => $"V{i}")]);
        using (var writer = new WfdbRecordWriter(folder["a"], layout, 250, format, gain: 1))
            for (var at = 0; at < length; at += piece)
                writer.Write(Enumerable.Range(0, channels).SelectMany(c => samples[(c * length + at)..(c * length + Math.Min(at + piece, length))]).ToArray());

        var record = WfdbRecord.Open(folder["a"]);
        Assert.Equal(length, length == 0 ? 0 : record.Length);
        Assert.Equal(layout.Names.AsEnumerable(), record.Channels.Names);
        Assert.Equal(samples, record.ReadAll());
        using var reader = record.OpenReader();
        while (reader.ReadBlock(piece, default) is { } block)
            for (var channel = 0; channel < channels; channel++)
                Assert.True(block.Channel(channel).SequenceEqual(samples.AsSpan(channel * length + (int)block.FirstSample, block.Length)));
    }
}
