using EcgFm.Acquisition.Recording;
using EcgFm.Acquisition.Wfdb;
using EcgFm.Core;
using EcgFm.Testing;
using FsCheck.Xunit;

namespace EcgFm.Acquisition.Tests.Recording;

public sealed class EcgRecorderTests(WfdbReaderInC readerInC) : IClassFixture<WfdbReaderInC>, IDisposable
{
    private const int Note = 22, Rhythm = 28;

    private static readonly DateTimeOffset Zero = new(2026, 11, 25, 13, 59, 50, TimeSpan.Zero);
    private static readonly ChannelLayout Layout = new(["I", "II"]);

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new(Zero);
    private readonly List<RecordingEvent> _events = [];

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task A_stream_becomes_hourly_records_that_another_reader_reads_sample_for_sample()
    {
        await using (var recorder = Recorder())
            foreach (var block in Blocks(0, 400)) recorder.Write(block);

        var first = readerInC.Read(_folder["ward-bed-1_20261125T135950Z"]);
        Assert.Equal(("ward-bed-1_20261125T135950Z", 250.0, 2500L, "13:59:50", "25/11/2026"), (first.Name, first.Rate, first.Length, first.Time, first.Date));
        Assert.Equal([(1000.0, 0, "mV", "I"), (1000.0, 0, "mV", "II")], first.Signals);
        var second = readerInC.Read(_folder["ward-bed-1_20261125T140000Z"]);
        Assert.Equal((1500L, "14:00:00"), (second.Length, second.Time));
        Assert.Equal(Enumerable.Range(0, 4000).Select(i => (Value(i, 0), Value(i, 1))), first.Frames.Concat(second.Frames).Select(frame => (frame[0]!.Value, frame[1]!.Value)));
        Assert.Equal(4000, WfdbRecord.Open(_folder["ward-bed-1_20261125T135950Z"]).Length + WfdbRecord.Open(_folder["ward-bed-1_20261125T140000Z"]).Length);
    }

    [SkippableFact]
    public async Task Gaps_are_missing_and_noted_and_so_is_what_the_flow_has_bridged_and_an_electrode_that_is_off()
    {
        await using (var recorder = Recorder())
        {
            recorder.Write(Block(0, 10));
            recorder.Write(Block(60, 10));
            recorder.Write(Block(70, 15) with { Interpolated = 5 });
            recorder.Write(Block(85, 5) with { LeadOff = 2 });
            recorder.Write(Block(90, 5) with { LeadOff = 2 });
            recorder.Write(Block(95, 5));
        }

        var read = readerInC.Read(_folder["ward-bed-1_20261125T135950Z"]);
        Assert.Equal(100, read.Length);
        for (var i = 0; i < 100; i++)
            Assert.Equal(i is (>= 10 and < 60) or (>= 70 and < 75) ? null : Value(i, 0), read.Frames[i][0]);
        Assert.Equal([(10, Note, "GAP 0.2 s"), (70, Note, "GAP 0.02 s"), (85, Note, "LEADS OFF II"), (95, Note, "LEADS ON")], read.Annotations);
    }

    [SkippableFact]
    public async Task A_gap_over_the_hour_begins_a_new_record_at_the_first_sample_that_came()
    {
        await using (var recorder = Recorder())
        {
            recorder.Write(Block(0, 10));
            recorder.Write(Block(250 * 3600 * 5, 10));
        }

        Assert.Equal(10, readerInC.Read(_folder["ward-bed-1_20261125T135950Z"]).Length);
        Assert.Equal((10L, "18:59:50"), (readerInC.Read(_folder["ward-bed-1_20261125T185950Z"]) is var r ? r.Length : 0, r.Time));
    }

    [SkippableFact]
    public async Task Alerts_are_notes_and_changes_of_rhythm_and_a_rhythm_that_goes_on_opens_the_next_record()
    {
        var onset = Alert(AlertState.Onset, Zero.AddSeconds(2), Zero.AddSeconds(8));
        await using (var recorder = Recorder())
        {
            foreach (var block in Blocks(0, 210)) recorder.Write(block);
            recorder.Annotate(Zero.AddSeconds(4), "CALIBRATION");
            recorder.Annotate(onset);
            foreach (var block in Blocks(210, 190)) recorder.Write(block);
            recorder.Annotate(onset with { State = AlertState.Cleared, Time = Zero.AddSeconds(15), Probability = 0.1f });
        }

        Assert.Equal(
            [(500, Rhythm, "(AFIB"), (1000, Note, "CALIBRATION"), (2000, Note, "ALERT onset: Atrial fibrillation, medium priority, probability 0.97")],
            readerInC.Read(_folder["ward-bed-1_20261125T135950Z"]).Annotations);
        Assert.Equal(
            [(0, Rhythm, "(AFIB"), (1250, Rhythm, "(N"), (1250, Note, "ALERT cleared: Atrial fibrillation, medium priority, probability 0.10")],
            readerInC.Read(_folder["ward-bed-1_20261125T140000Z"]).Annotations);
    }

    [SkippableFact]
    public async Task The_onset_of_an_alert_that_is_decided_in_the_next_hour_stands_in_the_hour_before()
    {
        await using (var recorder = Recorder())
        {
            foreach (var block in Blocks(0, 400)) recorder.Write(block);
            recorder.Annotate(Alert(AlertState.Onset, Zero.AddSeconds(4), Zero.AddSeconds(12)));
        }

        Assert.Equal([(1000, Rhythm, "(AFIB")], readerInC.Read(_folder["ward-bed-1_20261125T135950Z"]).Annotations);
        Assert.Equal(
            [(0, Rhythm, "(AFIB"), (500, Note, "ALERT onset: Atrial fibrillation, medium priority, probability 0.97")],
            readerInC.Read(_folder["ward-bed-1_20261125T140000Z"]).Annotations);
    }

    [SkippableFact]
    public void A_power_cut_at_any_byte_leaves_every_whole_frame_to_read()
    {
        using var folder = new TemporaryFolder();
        var record = new ContinuousRecord(new RecordingFolder(folder["live"]), "b");
        foreach (var block in Blocks(0, 20)) record.Write(block);
        record.Annotate(Zero.AddSeconds(0.1), AnnotationCode.Note, "here");
        record.Sync();
        var live = Path.Combine(folder["live"], "b_20261125T135950Z");
        var bytes = File.ReadAllBytes(live + ".dat");
        Assert.Equal(200 * 4, bytes.Length);
        Directory.CreateDirectory(folder["cut"]);
        var cut = Path.Combine(folder["cut"], "b_20261125T135950Z");
        File.Copy(live + ".hea", cut + ".hea");
        File.Copy(live + ".edge", cut + ".edge");

        for (var length = bytes.Length; length >= bytes.Length - 24; length--)
        {
            File.WriteAllBytes(cut + ".dat", bytes[..length]);
            var read = readerInC.Read(cut);
            Assert.Equal(0, read.Length);
            Assert.Equal(Enumerable.Range(0, length / 4).Select(i => (int?)Value(i, 0)), read.Frames.Select(frame => frame[0]));
            Assert.Equal([(25, Note, "here")], read.Annotations);
            Assert.Equal(length / 4, WfdbRecord.Open(cut).Length);
            Assert.Equal(Value(length / 4 - 1, 1) / 1000f, WfdbRecord.Open(cut).ReadAll()[^1], 1e-6f);
        }

        record.Dispose();
        Assert.Equal(200, readerInC.Read(live).Length);
    }

    [Property(MaxTest = 40)]
    public void Whatever_comes_each_sample_stands_at_its_time_or_is_missing(int seed)
    {
        using var folder = new TemporaryFolder();
        var random = new Random(seed);
        var layouts = new[] { Layout, new ChannelLayout(["I", "II"]), new ChannelLayout(["V1"]) };
        var expected = new Dictionary<(long Index, int Channel), float>();
        var recording = new RecordingFolder(folder["all"]);
        using (var record = new ContinuousRecord(recording, "bed"))
        {
            // Near the hour, so that records end in the middle of blocks and of gaps.
            for (long at = random.Next(0, 2500); at < 6000;)
            {
                var block = Block(at, random.Next(1, 40), layouts[random.Next(20) == 0 ? 2 : random.Next(2)]);
                block = block with { Interpolated = random.Next(5) == 0 ? random.Next(0, Math.Min(block.Length, 10)) : 0 };
                record.Write(block);
                for (var channel = 0; channel < block.Channels.Count; channel++)
                    for (var i = block.Interpolated; i < block.Length; i++)
                        if (block.Channels.Count == 2) expected[(at + i, channel)] = block.Channel(channel)[i];
                at += block.Length + (random.Next(4) == 0 ? random.Next(1, 300) : 0);
                if (random.Next(10) == 0) record.Sync();
            }
        }

        foreach (var header in Directory.GetFiles(folder["all"], "*.hea"))
        {
            var record = WfdbRecord.Open(header);
            if (record.Channels.Count == 1) continue;
            var samples = record.ReadAll();
            var first = (long)Math.Round((record.Header.Start!.Value - Zero).TotalSeconds * 250);
            Assert.Equal(record.Header.Start!.Value.Hour, (record.Header.Start!.Value + Playback.TimeOf(record.Length - 1, 250)).Hour);
            for (var channel = 0; channel < 2; channel++)
                for (var i = 0; i < record.Length; i++)
                    if (expected.Remove((first + i, channel), out var was)) Assert.Equal(was, samples[channel * record.Length + i], 0.5e-3f);
                    else Assert.True(float.IsNaN(samples[channel * record.Length + i]));
        }

        Assert.Empty(expected);
    }

    [SkippableFact]
    public async Task An_electrode_offset_beyond_the_range_is_taken_into_the_baseline()
    {
        await using (var recorder = Recorder())
        {
            recorder.Write(Block(0, 100) is var b ? b with { Samples = [.. b.Samples.Select((v, i) => i < 100 ? v + 280 : v)] } : b);
            // A minute later the electrode has settled elsewhere.
            foreach (var block in Blocks(10, 1800)) recorder.Write(block with { Samples = [.. block.Samples.Select((v, i) => i < 10 ? v + 280 : v)] });
            recorder.Write(Block(18100, 100));
        }

        var read = readerInC.Read(_folder["ward-bed-1_20261125T135950Z"]);
        Assert.Equal([-280_000, 0], read.Signals.Select(signal => signal.Baseline));
        Assert.All(read.Frames.Index(), frame => Assert.InRange(Math.Abs(frame.Item[0]!.Value - Value(frame.Index, 0)), 0, 1));
        var settled = Directory.GetFiles(Path.GetDirectoryName(_folder["x"])!, "*.hea").Order(StringComparer.Ordinal).Last();
        Assert.Equal(Value(18100, 0), readerInC.Read(settled[..^4]).Frames[0][0]);
    }

    [Fact]
    public async Task A_stream_that_begins_anew_or_a_clock_that_was_set_begins_a_new_record()
    {
        await using (var recorder = Recorder())
        {
            recorder.Write(Block(100, 10));
            recorder.Write(Block(0, 10) with { Start = Zero.AddSeconds(9) });
            recorder.Write(Block(10, 10) with { Start = Zero.AddSeconds(99) });
            recorder.Write(Block(20, 10) with { Start = Zero.AddSeconds(99.04), SampleRate = 500 });
        }

        Assert.Equal(4, Directory.GetFiles(Path.GetDirectoryName(_folder["x"])!, "*.hea").Length);
    }

    [Fact]
    public async Task The_oldest_records_go_first_and_neither_the_one_being_written_nor_what_is_no_record()
    {
        foreach (var (name, size) in new[] { ("a_20261124T000000Z", 1000), ("b_20261125T120000Z", 4000), ("a_20261125T130000Z", 4000), ("other", 4000), ("a_20261125", 10) })
            foreach (var extension in new[] { "hea", "dat", "edge" })
                await File.WriteAllBytesAsync(_folder[$"{name}.{extension}"], new byte[size]);
        var folder = new RecordingFolder(Path.GetDirectoryName(_folder["x"])!, maxBytes: 25_000, maxAge: TimeSpan.FromHours(30), _time);
        await using var recorder = new EcgRecorder(folder, "a", inStep: true, time: _time, events: Events);
        recorder.Write(Block(0, 1000));
        Assert.Equal(["a_20261125", "a_20261125T130000Z", "a_20261125T135950Z", "b_20261125T120000Z", "other"], Names());

        // Only the record being written stays, however large and old.
        for (var i = 1; i < 8; i++) recorder.Write(Block(1000 * i, 1000));
        _time.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(["a_20261125", "a_20261125T140000Z", "other"], Names());

        _time.Pass(TimeSpan.FromHours(40));
        Assert.Equal(["a_20261125", "a_20261125T140000Z", "other"], Names());
        Assert.Empty(_events);

        IEnumerable<string> Names() => Directory.GetFiles(folder.Path, "*.hea").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal);
    }

    /// <summary>While one looks for room, the others' drafts come and go.</summary>
    [Fact]
    public async Task Beds_that_begin_their_hours_together_do_not_disturb_each_other()
    {
        var folder = new RecordingFolder(_folder["ward"], maxBytes: 20_000);
        await Task.WhenAll(Enumerable.Range(1, 4).Select(bed => Task.Run(async () =>
        {
            await using var recorder = new EcgRecorder(folder, $"bed-{bed}", inStep: true, time: new ManualTime(Zero));
            for (var hour = 0; hour < 100; hour++) recorder.Write(Block(250L * 3600 * hour, 10));
            Assert.Equal(0, recorder.Dropped);
        })));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_told_once_and_tried_again()
    {
        File.WriteAllText(_folder["file"], "");
        await using var recorder = new EcgRecorder(new RecordingFolder(_folder["file"]), "bed", inStep: true, time: _time, events: Events);
        for (var i = 0; i < 100; i++)
        {
            recorder.Write(Block(10 * i, 10));
            _time.Pass(TimeSpan.FromSeconds(1));
        }

        var failed = Assert.IsType<RecordingEvent.Failed>(Assert.Single(_events));
        Assert.StartsWith(_folder["file"], failed.Message, StringComparison.Ordinal);
        Assert.Equal(100, recorder.Dropped);

        File.Delete(_folder["file"]);
        _time.Pass(TimeSpan.FromSeconds(30));
        recorder.Write(Block(1000, 10));
        Assert.IsType<RecordingEvent.Resumed>(_events[^1]);
        Assert.Equal(2, _events.Count);
        Assert.Single(Directory.GetFiles(_folder["file"], "*.hea"));
    }

    [Fact]
    public async Task A_folder_that_vanishes_is_made_again()
    {
        var path = _folder["gone"];
        await using var recorder = new EcgRecorder(new RecordingFolder(path), "bed", inStep: true, time: _time, events: Events);
        recorder.Write(Block(0, 10) with { LeadOff = 1 });
        Directory.Delete(path, recursive: true);
        _time.Pass(TimeSpan.FromSeconds(5));
        Assert.IsType<RecordingEvent.Failed>(Assert.Single(_events));
        _time.Pass(TimeSpan.FromSeconds(30));
        recorder.Write(Block(10, 10));
        Assert.IsType<RecordingEvent.Resumed>(_events[^1]);
        Assert.Equal(2, Directory.GetFiles(path).Length);
    }

    [SkippableFact]
    public async Task A_full_disk_is_told_once_leaves_a_valid_record_and_is_used_again_when_there_is_room()
    {
        Directory.CreateDirectory(_folder["disk"]);
        using var disk = SmallDisk.Mount(_folder["disk"], 1);
        await using (var recorder = new EcgRecorder(new RecordingFolder(_folder["disk"]), "bed", inStep: true, time: _time, events: Events))
        {
            recorder.Write(Block(2500, 100));
            disk.Fill();
            for (var i = 26; i < 400; i++)
            {
                recorder.Write(Block(100 * i, 100));
                _time.Pass(TimeSpan.FromSeconds(0.4));
            }

            Assert.Contains("No space left", Assert.IsType<RecordingEvent.Failed>(Assert.Single(_events)).Message, StringComparison.OrdinalIgnoreCase);
            disk.Free();
            _time.Pass(TimeSpan.FromSeconds(30));
            for (var i = 400; i < 410; i++) recorder.Write(Block(100 * i, 100));
            Assert.IsType<RecordingEvent.Resumed>(_events[^1]);
        }

        Assert.Equal(2, _events.Count);
        var headers = Directory.GetFiles(_folder["disk"], "*.hea").Order(StringComparer.Ordinal).ToList();
        Assert.Equal(2, headers.Count);
        var before = readerInC.Read(headers[0][..^4]);
        Assert.Equal(Enumerable.Range(2500, before.Frames.Count).Select(i => (int?)Value(i, 0)), before.Frames.Select(frame => frame[0]));
        Assert.Equal(1000, readerInC.Read(headers[1][..^4]).Length);
    }

    [Fact]
    public async Task A_slow_disk_costs_counted_blocks_and_the_flow_never_waits()
    {
        File.WriteAllText(_folder["file"], "");
        var stuck = new TaskCompletionSource();
        var free = new TaskCompletionSource();
        var events = System.Reactive.Observer.Create<RecordingEvent>(_ =>
        {
            stuck.SetResult();
            free.Task.Wait(TimeSpan.FromSeconds(30));
        });
        await using var recorder = new EcgRecorder(new RecordingFolder(_folder["file"]), "bed", queue: 3, time: _time, events: events);
        recorder.Write(Block(0, 10));
        await stuck.Task.WaitAsync(TimeSpan.FromSeconds(30));

        for (var i = 1; i <= 10; i++) recorder.Write(Block(10 * i, 10));

        Assert.Equal(7, recorder.Dropped);
        free.SetResult();
    }

    [Fact]
    public async Task A_live_recorder_writes_everything_before_it_is_disposed()
    {
        await using (var recorder = new EcgRecorder(new RecordingFolder(_folder["live"]), "bed", time: _time))
            foreach (var block in Blocks(0, 200)) recorder.Write(block);
        Assert.Equal(2000, WfdbRecord.Open(Path.Combine(_folder["live"], "bed_20261125T135950Z")).Length);
    }

    private IObserver<RecordingEvent> Events => System.Reactive.Observer.Create<RecordingEvent>(_events.Add);

    private EcgRecorder Recorder() => new(new RecordingFolder(Path.GetDirectoryName(_folder["x"])!), "ward.bed-1", inStep: true, time: _time, events: Events);

    /// <summary>The sample in microvolts.</summary>
    private static int Value(long index, int channel) => (int)(index * 37 % 4001) - 2000 + channel * 5000;

    private static IEnumerable<EcgBlock> Blocks(int from, int count) => Enumerable.Range(from, count).Select(i => Block(10 * i, 10));

    private static EcgBlock Block(long first, int length, ChannelLayout? layout = null)
    {
        layout ??= Layout;
        var samples = new float[layout.Count * length];
        for (var channel = 0; channel < layout.Count; channel++)
            for (var i = 0; i < length; i++)
                samples[channel * length + i] = Value(first + i, channel) / 1000f;
        return new EcgBlock { Channels = layout, SampleRate = 250, FirstSample = first, Start = Zero + Playback.TimeOf(first, 250), Samples = samples };
    }

    private static Alert Alert(AlertState state, DateTimeOffset onset, DateTimeOffset time) => new()
    {
        Id = Guid.CreateVersion7(),
        Sequence = 1,
        Bed = "bed-1",
        Kind = AlertKind.Physiological,
        Code = "atrial-fibrillation",
        Title = "Atrial fibrillation",
        Priority = AlertPriority.Medium,
        State = state,
        Onset = onset,
        Time = time,
        Snomed = "164889003",
        Probability = 0.97f,
    };
}
