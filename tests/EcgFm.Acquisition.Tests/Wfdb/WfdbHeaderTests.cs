using EcgFm.Acquisition.Wfdb;

namespace EcgFm.Acquisition.Tests.Wfdb;

public class WfdbHeaderTests
{
    [Fact]
    public void Every_field_of_a_full_header_is_read()
    {
        var header = WfdbHeader.Parse(
            """
            # a comment before the record line is no info
            rec_1 3 360.5/24(12.5) 650000 13:05:07.250 25/4/1989

            rec_1.dat 16x2:3+24 1000.5(-12)/uV 16 5 -7 -300 512 Lead II, filtered
            # between the signals neither
            other.dat 212 200 11 1024 995 -22131 0 MLII
            third.dat 80
            # 69 M 1085 1629 x1
            #Aldomet, Inderal
            """);
        Assert.Equal("rec_1", header.RecordName);
        Assert.Equal((360.5, 24, 12.5), (header.FrameRate, header.CounterFrequency, header.BaseCounter));
        Assert.Equal(650000, header.Frames);
        Assert.Equal(new DateTimeOffset(1989, 4, 25, 13, 5, 7, 250, TimeSpan.Zero), header.Start);
        Assert.Equal(["69 M 1085 1629 x1", "Aldomet, Inderal"], header.Info.AsEnumerable());

        var first = header.Signals[0];
        Assert.Equal(("rec_1.dat", 16, 2, 3, 24L), (first.FileName, first.Format, first.SamplesPerFrame, first.Skew, first.ByteOffset));
        Assert.Equal((1000.5, -12, "uV", 16, 5), (first.Gain, first.Baseline, first.Units, first.AdcResolution, first.AdcZero));
        Assert.Equal((-7, -300, 512, "Lead II, filtered"), (first.InitialValue, first.Checksum, first.BlockSize, first.Description));
        Assert.Equal(1e-3, first.MillivoltsPerUnit);

        var second = header.Signals[1];
        Assert.Equal((200.0, 1024, "mV", 995), (second.Gain, second.Baseline, second.Units, second.InitialValue));

        var third = header.Signals[2];
        Assert.Equal((200.0, false, null, "record rec_1, signal 2"), (third.Gain, third.IsCalibrated, third.Checksum, third.Description));
    }

    [Fact]
    public void Missing_fields_have_the_librarys_defaults()
    {
        var header = WfdbHeader.Parse("x 0");
        Assert.Equal((250.0, 250.0, (long?)null, (DateTimeOffset?)null), (header.FrameRate, header.CounterFrequency, header.Frames, header.Start));
        Assert.Null(WfdbHeader.Parse("x 0 500 0").Frames);
    }

    [Theory]
    [InlineData("x 0 300 9000 2014-05-01 11:05:48")]
    [InlineData("x 0 300 9000 11:05:48 01/05/2014")]
    [InlineData("x 0 300 9000 11:5:48 1/5/2014 ")]
    public void Date_and_time_come_in_either_order(string line) =>
        Assert.Equal(new DateTimeOffset(2014, 5, 1, 11, 5, 48, TimeSpan.Zero), WfdbHeader.Parse(line).Start);

    [Fact]
    public void Segments_are_read()
    {
        var header = WfdbHeader.Parse("multi/3 2 250 1000\nlayout 0\nfirst 600\n~ 400\n# info\n");
        Assert.Equal([new("layout", 0), new("first", 600), new("~", 400)], header.Segments.AsEnumerable());
        Assert.True(header.Segments[2].IsGap);
        Assert.Equal(["info"], header.Info.AsEnumerable());
    }

    [Theory]
    [InlineData("", "rec.hea, line 1: expected a record line")]
    [InlineData("# only a comment\n", "rec.hea, line 2: expected a record line")]
    [InlineData("x two", "rec.hea, line 1: expected the number of signals, found 'two'")]
    [InlineData("x 1 -5", "rec.hea, line 1: expected a sampling rate above zero, found '-5'")]
    [InlineData("x 1 360 many", "rec.hea, line 1: expected the number of samples per signal, found 'many'")]
    [InlineData("x 1 360 10 noon", "rec.hea, line 1: expected a base time HH:MM:SS and a base date DD/MM/YYYY, found 'noon'")]
    [InlineData("x 1 360 10\n", "rec.hea, line 2: expected 1 signal lines as the record line says, found 0")]
    [InlineData("x 1 360 10\nx.dat", "rec.hea, line 2: expected a storage format such as 212 or 16+24, found 'the end of the line'")]
    [InlineData("x 1 360 10\nx.dat 213", "rec.hea, line 2: expected one of the storage formats 8, 16, 24, 32, 61, 80, 160, 212, 310, 311, found '213'")]
    [InlineData("x 1 360 10\n\n#c\nx.dat 16 high", "rec.hea, line 4: expected the gain in ADC units per physical unit, found 'high'")]
    [InlineData("x 1 360 10\nx.dat 16 200(0", "rec.hea, line 2: expected a baseline in brackets after the gain, found '200(0'")]
    [InlineData("x 1 360 10\nx.dat 16 200 11 1024 995 0x7", "rec.hea, line 2: expected the checksum, found '0x7'")]
    [InlineData("x 1 360 10\n\u0001\u0002\u0003 \u0004", "rec.hea, line 2: expected a storage format such as 212 or 16+24, found '\u0004'")]
    [InlineData("x/2 1 360 10\na 5", "rec.hea, line 2: expected 2 segment lines as the record line says, found 1")]
    [InlineData("x 2 360 10\nx.dat 16\nx.dat 212", "signals 0 and 1 share x.dat, so they must have the same format")]
    public void Errors_name_file_line_expectation_and_finding(string text, string message) =>
        Assert.Contains(message, Assert.Throws<WfdbException>(() => WfdbHeader.Parse(text, "rec.hea")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("rec 2 360 650000\nrec.dat 212 200(1024)/mV 11 1024 995 -22131 0 MLII\nrec.dat 212 200(1024)/mV 11 1024 1011 20052 0 V5\n# 69 M\n")]
    [InlineData("rec 1 500/250(3.5) 10 01:02:03.500 25/04/1989\nrec.mat 16x2:1+24 1000(0)/uV 16 0 0 5 0 I\n")]
    [InlineData("multi/2 2 250 1000\nfirst 600\nsecond 400\n")]
    public void A_written_header_is_read_back(string text) => Assert.Equal(text, WfdbHeader.Parse(text).ToText());

    [Fact]
    public void A_missing_header_is_named() =>
        Assert.Contains("nowhere.hea: there is no such header file", Assert.Throws<WfdbException>(() => WfdbRecord.Open("nowhere")).Message, StringComparison.Ordinal);
}
