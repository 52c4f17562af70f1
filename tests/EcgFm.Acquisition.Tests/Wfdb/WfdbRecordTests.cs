using EcgFm.Acquisition.Wfdb;
using EcgFm.Testing;

namespace EcgFm.Acquisition.Tests.Wfdb;

public class WfdbRecordTests
{
    [SkippableTheory]
    [InlineData("mitdb", 23)]
    [InlineData("ptbxl-raw", 100)]
    [InlineData("cinc2017", 153)]
    public void Every_recording_opens_and_its_checksums_hold(string collection, int count)
    {
        var headers = Directory.GetFiles(TestData.Data(collection), "*.hea");
        Assert.True(headers.Length >= count, $"{headers.Length} records in {collection}");
        foreach (var path in headers)
        {
            var record = WfdbRecord.Open(path);
            var samples = record.ReadAll();
            Assert.Equal(record.Header.Frames, record.Length);
            for (var channel = 0; channel < record.Channels.Count; channel++)
            {
                var signal = record.Signals[channel];
                var initial = (signal.InitialValue - signal.Baseline) / signal.Gain;

                // The 2017 challenge's first header value is not the first sample in every record, the others' are.
                if (collection != "cinc2017") Assert.Equal(initial, samples[channel * record.Length], 1e-6);

            }
        }
    }

    [SkippableFact]
    public void Record_201_has_its_known_shape()
    {
        var record = WfdbRecord.Open(TestData.Data("mitdb") + "/201");
        Assert.Equal(["MLII", "V1"], record.Channels.Names.AsEnumerable());
        Assert.Equal((360.0, 650000), (record.SampleRate, record.Length));
        Assert.Equal("68 M 1960 2851 x1", record.Header.Info[0]);
    }

    [SkippableFact]
    public void A_folder_of_links_is_as_good_as_the_files()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in new[] { "201.hea", "201.dat" }) File.CreateSymbolicLink(folder[name], Path.GetFullPath(TestData.Data("mitdb", name)));
        Assert.Equal(650000, WfdbRecord.Open(folder["201"]).Length);
    }

    [SkippableFact]
    public void A_challenge_record_is_read_behind_its_MATLAB_header()
    {
        var record = WfdbRecord.Open(TestData.Data("cinc2017") + "/A00004.mat");
        var samples = record.ReadAll();
        var bytes = File.ReadAllBytes(TestData.Data("cinc2017") + "/A00004.mat");
        Assert.Equal((9000, 300.0, "ECG"), (samples.Length, record.SampleRate, record.Channels.Names[0]));
        for (var i = 0; i < samples.Length; i++) Assert.Equal(BitConverter.ToInt16(bytes, 24 + 2 * i) / 1000f, samples[i], 1e-6f);
        Assert.Equal(new DateTimeOffset(2014, 5, 1, 11, 5, 48, TimeSpan.Zero), record.Header.Start);
    }

    [SkippableFact]
    public void Pieces_of_any_size_give_the_same_samples()
    {
        var record = WfdbRecord.Open(TestData.Data("mitdb") + "/203");
        var whole = record.ReadAll();
        using var reader = record.OpenReader();
        var random = new Random(1);
        var stride = (int)record.Length;
        while (reader.Remaining > 0)
        {
            var at = (int)reader.Position;
            var block = reader.ReadBlock(random.Next(1, 5000), DateTimeOffset.UnixEpoch)!;
            Assert.Equal(at, block.FirstSample);
            for (var channel = 0; channel < 2; channel++)
                Assert.True(block.Channel(channel).SequenceEqual(whole.AsSpan(channel * stride + at, block.Length)));
        }

        Assert.Null(reader.ReadBlock(10, DateTimeOffset.UnixEpoch));
    }

    [SkippableFact]
    public void Reading_allocates_nothing_per_sample()
    {
        using var reader = WfdbRecord.Open(TestData.Data("mitdb") + "/203").OpenReader();
        var buffer = new float[2 * 1000];
        _ = reader.Read(buffer);

        // A garbage collection in between adds what is left of the thread's allocation buffer, so the best of several rounds counts.
        var least = long.MaxValue;
        for (var round = 0; round < 6; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++) _ = reader.Read(buffer);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.InRange(least, 0, 1000);
    }

    [SkippableFact]
    public void A_damaged_sample_is_found_by_the_checksum()
    {
        using var folder = new TemporaryFolder();
        Copy("mitdb", "202", folder);
        using (var file = File.OpenWrite(folder["202.dat"]))
        {
            file.Position = 300_000;
            file.WriteByte(0x5A);
        }

        var error = Assert.Throws<WfdbException>(() => WfdbRecord.Open(folder["202"]).ReadAll());
        Assert.Contains("202.dat: the checksum of signal 0 (MLII) is ", error.Message, StringComparison.Ordinal);
        Assert.Contains("202.hea expects ", error.Message, StringComparison.Ordinal);
        Assert.Equal(2 * 650000, WfdbRecord.Open(folder["202"], verifyChecksums: false).ReadAll().Length);
    }

    [SkippableFact]
    public void A_truncated_file_is_reported_with_both_lengths()
    {
        using var folder = new TemporaryFolder();
        Copy("mitdb", "202", folder);
        using (var file = File.OpenWrite(folder["202.dat"])) file.SetLength(1_000_000);
        var error = Assert.Throws<WfdbException>(() => WfdbRecord.Open(folder["202"]));
        Assert.Contains("202.dat is truncated: 650000 samples of 2 signals in format 212 take 1950000 bytes, found 1000000.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_signal_file_is_named()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.hea"], "a 1 360 10\nb.dat 16 200\n");
        var error = Assert.Throws<WfdbException>(() => WfdbRecord.Open(folder["a"]));
        Assert.Contains("b.dat, which is not there", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_length_in_the_header_the_file_decides()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.hea"], "a 3 360\na.dat 212 200 12 0 0 77 0 I\na.dat 212 200/uV\na.dat 212 10/mmHg 12 0 0 0 0 ABP\n");
        File.WriteAllBytes(folder["a.dat"], new byte[23]);
        var record = WfdbRecord.Open(folder["a"]);
        Assert.Equal(5, record.Length);
        Assert.Equal(2, record.Channels.Count);
        Assert.All(record.ReadAll(), sample => Assert.Equal(0, sample));
    }

    [Fact]
    public void A_record_without_voltage_is_refused()
    {
        var error = Assert.Throws<WfdbException>(() =>
        {
            using var folder = new TemporaryFolder();
            File.WriteAllText(folder["a.hea"], "a 1 1 10\n~ 0 10/mmHg\n");
            WfdbRecord.Open(folder["a"]);
        });
        Assert.Contains("none of the 1 signals is a voltage", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Units_baselines_and_invalid_samples_are_honoured()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.hea"], "a 3 100 2\na.dat 16 2(100)/uV\na.dat 16 100/V 16 10\na.dat 16 0\n");
        short[] values = [3100, 11, 200, short.MinValue, 9, -200];
        File.WriteAllBytes(folder["a.dat"], [.. values.SelectMany(BitConverter.GetBytes)]);
        Assert.Equal([1.5f, float.NaN, 10, -10, 1, -1], WfdbRecord.Open(folder["a"]).ReadAll());
    }

    [Fact]
    public void Skewed_signals_are_aligned()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.hea"], "a 2 100 5\na.dat 16:2 1 16 0 0 15 0 late\na.dat 16 1 16 0 0 15 0 early\n");
        short[] values = [1, 1, 2, 2, 3, 3, 4, 4, 5, 5];
        File.WriteAllBytes(folder["a.dat"], [.. values.SelectMany(BitConverter.GetBytes)]);
        Assert.Equal([3, 4, 5, float.NaN, float.NaN, 1, 2, 3, 4, 5], WfdbRecord.Open(folder["a"]).ReadAll());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    public void Faster_signals_set_the_rate_and_slower_ones_are_held(int piece)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.hea"], "a 2 100 3\na.dat 16x2 1 16 0 0 21 0 fast\na.dat 16 1 16 0 0 60 0 slow\n");
        short[] values = [1, 2, 10, 3, 4, 20, 5, 6, 30];
        File.WriteAllBytes(folder["a.dat"], [.. values.SelectMany(BitConverter.GetBytes)]);
        var record = WfdbRecord.Open(folder["a"]);
        Assert.Equal((200.0, 6), (record.SampleRate, record.Length));
        using var reader = record.OpenReader();
        List<float> fast = [], slow = [];
        while (reader.ReadBlock(piece, default) is { } block)
        {
            fast.AddRange(block.Channel(0));
            slow.AddRange(block.Channel(1));
        }

        Assert.Equal([1, 2, 3, 4, 5, 6], fast);
        Assert.Equal([10, 10, 20, 20, 30, 30], slow);
    }

    [Fact]
    public void Segments_are_read_as_one_with_gaps_and_absent_channels_missing()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["m.hea"], "m/4 2 100 7\nlayout 0\none 2\n~ 3\ntwo 2\n");
        File.WriteAllText(folder["layout.hea"], "layout 2 100 0\n~ 0 1/mV 16 0 0 0 0 I\n~ 0 1/mV 16 0 0 0 0 II\n");
        File.WriteAllText(folder["one.hea"], "one 2 100 2\none.dat 16 1/mV 16 0 0 30 0 II\none.dat 16 1/mV 16 0 0 3 0 I\n");
        File.WriteAllText(folder["two.hea"], "two 1 100 2\ntwo.dat 16 2/mV 16 0 0 10 0 II\n");
        File.WriteAllBytes(folder["one.dat"], [10, 0, 1, 0, 20, 0, 2, 0]);
        File.WriteAllBytes(folder["two.dat"], [4, 0, 6, 0]);
        const float Nan = float.NaN;
        var record = WfdbRecord.Open(folder["m"]);
        Assert.Equal(["I", "II"], record.Channels.Names.AsEnumerable());
        Assert.Equal([1, 2, Nan, Nan, Nan, Nan, Nan, 10, 20, Nan, Nan, Nan, 2, 3], record.ReadAll());

        File.WriteAllText(folder["one.hea"], "one 2 100 2\none.dat 16 1/mV 16 0 0 31 0 II\none.dat 16 1/mV 16 0 0 3 0 I\n");
        Assert.Contains("checksum of signal 0 (II) is 30", Assert.Throws<WfdbException>(() => WfdbRecord.Open(folder["m"]).ReadAll()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Signals_may_lie_in_several_files()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.hea"], "a 3 100 2\na.dat 80 1\nb.dat 16 1\nb.dat 16 1\n");
        File.WriteAllBytes(folder["a.dat"], [129, 127]);
        File.WriteAllBytes(folder["b.dat"], [5, 0, 6, 0, 7, 0, 8, 0]);
        Assert.Equal([1, -1, 5, 7, 6, 8], WfdbRecord.Open(folder["a"]).ReadAll());
    }

    private static void Copy(string collection, string name, TemporaryFolder folder)
    {
        foreach (var extension in new[] { ".hea", ".dat" })
            File.Copy(Path.Combine(TestData.Data(collection), name + extension), folder[name + extension]);
    }
}
