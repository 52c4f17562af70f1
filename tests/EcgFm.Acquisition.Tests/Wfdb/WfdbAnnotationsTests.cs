using EcgFm.Acquisition.Wfdb;
using FsCheck;
using FsCheck.Fluent;
using TestData = EcgFm.Testing.TestData;

namespace EcgFm.Acquisition.Tests.Wfdb;

public class WfdbAnnotationsTests
{
    // Counted by an independent decoder; the beats are also those that the MIT-BIH directory gives.
    [SkippableTheory]
    [InlineData("101", 1865, 0)]
    [InlineData("201", 1963, 606)]
    [InlineData("202", 2136, 586)]
    [InlineData("203", 2980, 1455)]
    [InlineData("208", 2955, 0)]
    public void Beats_and_rhythms_are_those_of_the_directory(string name, int beats, int secondsOfFibrillation)
    {
        var record = WfdbRecord.Open(Path.Combine(TestData.Data("mitdb"), name));
        var annotations = record.ReadAnnotations();
        Assert.Equal(beats, annotations.Beats.Count());
        Assert.Equal(AnnotationCode.Rhythm, annotations.Items[0].Code);
        var spans = annotations.Rhythms(record.Length);
        Assert.Equal(record.Length, spans[^1].End);
        Assert.All(spans.Zip(spans.Skip(1)), pair => Assert.Equal(pair.First.End, pair.Second.Start));
        var fibrillation = spans.Where(span => span.Rhythm == "AFIB").Sum(span => span.End - span.Start) / record.SampleRate;
        Assert.Equal(secondsOfFibrillation, fibrillation, 1.5);
    }

    [SkippableFact]
    public void Every_annotation_file_is_read_and_written_back_byte_for_byte_the_same_in_meaning()
    {
        foreach (var path in Directory.GetFiles(TestData.Data("mitdb"), "*.atr"))
        {
            var annotations = WfdbAnnotations.Read(path);
            var again = WfdbAnnotations.Parse(annotations.ToBytes());
            Assert.Equal(annotations.Items.AsEnumerable(), again.Items);
            Assert.All(annotations.Items, item => Assert.InRange(item.Sample, 0, 650000));
            Assert.All(annotations.Items, item => Assert.DoesNotContain("[", item.Symbol.Length > 1 ? item.Symbol : "", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void The_formats_own_example_is_decoded()
    {
        // Words of annot(5): a rhythm at 18 with aux, a beat 59 later on channel 1, a SKIP of 70000 before a noise with subtype −1.
        byte[] bytes =
        [
            18, 28 << 2, 2, 63 << 2, (byte)'(', (byte)'N',
            59, 1 << 2, 1, 62 << 2,
            0, 59 << 2, 1, 0, 0x70, 0x11, 3, 14 << 2, 0xFF, 61 << 2,
            100, 5 << 2, 7, 60 << 2,
            0, 0,
        ];
        Assert.Equal(
            [
                new Annotation(18, AnnotationCode.Rhythm, "(N"),
                new Annotation(77, AnnotationCode.Normal, Channel: 1),
                new Annotation(77 + 70000 + 3, AnnotationCode.Noise, SubType: -1, Channel: 1),
                new Annotation(77 + 70000 + 103, AnnotationCode.VentricularPremature, Channel: 1, Number: 7),
            ],
            WfdbAnnotations.Parse(bytes).Items.AsEnumerable());
    }

    [Fact]
    public void What_is_written_is_read()
    {
        var text = Gen.Elements<string?>(null, "(AFIB", "(N", "odd", "even", "Übergang");
        var item = from gap in Gen.Frequency((5, Gen.Choose(0, 2000)), (1, Gen.Choose(0, int.MaxValue)))
                   from code in Gen.Choose(1, AnnotationCode.Max)
                   from aux in text
                   from sub in Gen.Choose(-128, 127)
                   from channel in Gen.Choose(0, 255)
                   from number in Gen.Choose(-128, 127)
                   select (Gap: gap, Annotation: new Annotation(0, (byte)code, aux, (sbyte)sub, (byte)channel, (sbyte)number));
        Prop.ForAll(item.ListOf().ToArbitrary(), items =>
        {
            long time = 0;
            var annotations = new WfdbAnnotations { Items = [.. items.Select(i => i.Annotation with { Sample = time += i.Gap })], TimeResolution = 360 };
            var read = WfdbAnnotations.Parse(annotations.ToBytes());
            Assert.Equal(annotations.Items.AsEnumerable(), read.Items);
            Assert.Equal(360, read.TimeResolution);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Times_in_another_resolution_become_samples()
    {
        using var folder = new TemporaryFolder();
        using (var writer = new WfdbRecordWriter(folder["a"], new Core.ChannelLayout(["I"]), 500)) writer.Write(new float[1000]);
        new WfdbAnnotations { Items = [new Annotation(100, AnnotationCode.Normal)], TimeResolution = 100 }.Write(folder["a.atr"]);
        Assert.Equal(500, WfdbRecord.Open(folder["a"]).ReadAnnotations().Items[0].Sample);
    }

    [Fact]
    public void The_librarys_own_notes_are_no_annotations()
    {
        var annotations = new WfdbAnnotations
        {
            Items =
            [
                new Annotation(0, AnnotationCode.Note, "## annotation type definitions"),
                new Annotation(0, AnnotationCode.Note, "42 X mine"),
                new Annotation(0, AnnotationCode.Note, "## end of definitions"),
                new Annotation(0, AnnotationCode.Note, "a true note"),
                new Annotation(5, AnnotationCode.Note, "## time resolution: 1"),
            ],
        };
        var read = WfdbAnnotations.Parse(annotations.ToBytes());
        Assert.Equal(["a true note", "## time resolution: 1"], read.Items.Select(item => item.Aux));
        Assert.Null(read.TimeResolution);
    }

    [Fact]
    public void Rhythms_end_where_the_next_begins()
    {
        var annotations = new WfdbAnnotations
        {
            Items =
            [
                new Annotation(5, AnnotationCode.Rhythm, "(N"), new Annotation(7, AnnotationCode.Normal), new Annotation(20, AnnotationCode.Rhythm, "(AFIB"),
                new Annotation(24, AnnotationCode.Note, "MISSB"),
                // As epicmp has it, whatever a rhythm annotation says ends the rhythm before.
                new Annotation(25, AnnotationCode.Rhythm, ")"), new Annotation(30, AnnotationCode.Rhythm, "(AFL"), new Annotation(30, AnnotationCode.Rhythm, "(B"),
            ],
        };
        Assert.Equal([new("N", 5, 20), new("AFIB", 20, 25), new("B", 30, 99)], annotations.Rhythms(99).AsEnumerable());
    }

    [Theory]
    [InlineData("N", 1)]
    [InlineData("V", 5)]
    [InlineData("+", 28)]
    [InlineData("r", 41)]
    [InlineData("\"", 22)]
    public void Symbols_and_codes_belong_together(string symbol, byte code)
    {
        Assert.Equal(symbol, AnnotationCode.Symbol(code));
        Assert.Equal(code, AnnotationCode.FromSymbol(symbol));
    }

    [Fact]
    public void Damaged_files_are_refused_with_a_reason()
    {
        Assert.Contains("truncated", Assert.Throws<WfdbException>(() => WfdbAnnotations.Parse([18, 4], "x.atr")).Message, StringComparison.Ordinal);
        Assert.Contains("an AUX string", Assert.Throws<WfdbException>(() => WfdbAnnotations.Parse([0, 4, 200, 252, 65, 65], "x.atr")).Message, StringComparison.Ordinal);
        Assert.Contains("a SKIP", Assert.Throws<WfdbException>(() => WfdbAnnotations.Parse([0, 236, 1, 0], "x.atr")).Message, StringComparison.Ordinal);
        Assert.Contains("x.atr, byte 0: expected an annotation code up to 49", Assert.Throws<WfdbException>(() => WfdbAnnotations.Parse([0, 55 << 2], "x.atr")).Message, StringComparison.Ordinal);
        Assert.Contains("no such annotation file", Assert.Throws<WfdbException>(() => WfdbAnnotations.Read("none.atr")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Annotations_out_of_order_are_not_written()
    {
        var annotations = new WfdbAnnotations { Items = [new Annotation(5, 1), new Annotation(4, 1)] };
        Assert.Throws<ArgumentException>(annotations.ToBytes);
    }
}
