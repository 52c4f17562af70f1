using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace EcgFm.Acquisition.Wfdb;

/// <summary>A record's header file, as <c>header(5)</c> of the WFDB Applications Guide defines it.</summary>
public sealed record WfdbHeader
{
    /// <summary>The frame rate that a header without one means.</summary>
    public const double DefaultFrameRate = 250;

    /// <summary>The record's name.</summary>
    public required string RecordName { get; init; }

    /// <summary>Frames per second: the sampling rate of every signal with one sample per frame.</summary>
    public double FrameRate { get; init; } = DefaultFrameRate;

    /// <summary>Ticks per second of the recorder's own counter; the frame rate unless the header says otherwise.</summary>
    public double CounterFrequency { get; init; } = DefaultFrameRate;

    /// <summary>The counter's value at frame 0.</summary>
    public double BaseCounter { get; init; }

    /// <summary>The number of frames (samples per signal); null when the header does not say.</summary>
    public long? Frames { get; init; }

    /// <summary>The time of day of frame 0.</summary>
    public TimeSpan? BaseTime { get; init; }

    /// <summary>The date of frame 0.</summary>
    public DateOnly? BaseDate { get; init; }

    /// <summary>The signals; empty in a multi-segment header.</summary>
    public ImmutableArray<WfdbSignal> Signals { get; init; } = [];

    /// <summary>The number of signals that the record line promises; in a multi-segment header the segments have them.</summary>
    public int SignalCount { get; init; }

    /// <summary>The segments; empty in an ordinary header.</summary>
    public ImmutableArray<WfdbSegment> Segments { get; init; } = [];

    /// <summary>The comment lines that follow the specifications, without the <c>#</c>: by custom, facts about the patient.</summary>
    public ImmutableArray<string> Info { get; init; } = [];

    /// <summary>The moment of frame 0, when the header has time and date; headers know no time zone, so it is taken as UTC.</summary>
    public DateTimeOffset? Start =>
        BaseDate is { } date && BaseTime is { } time ? new DateTimeOffset(date.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) + time : null;

    /// <summary>Reads a header file.</summary>
    /// <param name="path">The path of the header, with extension.</param>
    /// <exception cref="WfdbException">The file is missing or is no header; the message names file and line.</exception>
    public static WfdbHeader Read(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path, Encoding.UTF8);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new WfdbException($"{path}: there is no such header file.", error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new WfdbException($"{path}: the header file may not be read by this user.", error);
        }

        return Parse(text, path);
    }

    /// <summary>Reads a header from its text.</summary>
    /// <param name="text">The whole header.</param>
    /// <param name="file">The name that errors give.</param>
    /// <exception cref="WfdbException">The text is no header; the message names file and line.</exception>
    public static WfdbHeader Parse(string text, string file = "header")
    {
        ArgumentNullException.ThrowIfNull(text);
        WfdbHeader? header = null;
        var segmentCount = 0;
        var signals = ImmutableArray.CreateBuilder<WfdbSignal>();
        var segments = ImmutableArray.CreateBuilder<WfdbSegment>();
        var info = ImmutableArray.CreateBuilder<string>();
        var number = 0;
        foreach (var raw in text.AsSpan().EnumerateLines())
        {
            number++;
            var line = raw.Trim();
            if (line.IsEmpty) continue;
            var complete = header is not null && signals.Count == (segmentCount > 0 ? 0 : header.SignalCount) && segments.Count == segmentCount;
            if (line[0] == '#')
            {
                if (complete) info.Add(line.TrimStart('#').Trim().ToString());
                continue;
            }

            if (header is null) (header, segmentCount) = ParseRecordLine(line.ToString(), file, number);
            else if (complete) continue;
            else if (segmentCount > 0) segments.Add(ParseSegment(line.ToString(), file, number));
            else signals.Add(WfdbSignal.Parse(line.ToString(), header.RecordName, signals.Count, file, number));
        }

        if (header is null) throw WfdbException.At(file, Math.Max(number, 1), "expected a record line (name, number of signals, sampling rate), found the end of the file.");
        if (segmentCount > 0 && segments.Count < segmentCount)
            throw WfdbException.At(file, number, $"expected {segmentCount} segment lines as the record line says, found {segments.Count}.");
        if (segmentCount == 0 && signals.Count < header.SignalCount)
            throw WfdbException.At(file, number, $"expected {header.SignalCount} signal lines as the record line says, found {signals.Count}.");
        for (var i = 1; i < signals.Count; i++)
            if (signals[i].FileName == signals[i - 1].FileName && (signals[i].Format, signals[i].ByteOffset) != (signals[i - 1].Format, signals[i - 1].ByteOffset))
                throw new WfdbException($"{file}: signals {i - 1} and {i} share {signals[i].FileName}, so they must have the same format and byte offset.");
        return header with { Signals = signals.ToImmutable(), Segments = segments.ToImmutable(), Info = info.ToImmutable() };
    }

    /// <summary>The text of the header file; <see cref="Parse"/> gives the same header back.</summary>
    public string ToText()
    {
        var text = new StringBuilder(RecordName);
        if (Segments.Length > 0) text.Append(CultureInfo.InvariantCulture, $"/{Segments.Length}");
        text.Append(CultureInfo.InvariantCulture, $" {SignalCount} {FrameRate:R}");
        if (CounterFrequency != FrameRate || BaseCounter != 0) text.Append(CultureInfo.InvariantCulture, $"/{CounterFrequency:R}({BaseCounter:R})");
        if (Frames is not null || BaseTime is not null) text.Append(CultureInfo.InvariantCulture, $" {Frames ?? 0}");
        if (BaseTime is { } time)
        {
            text.Append(' ').Append(time.ToString(time.Ticks % TimeSpan.TicksPerSecond == 0 ? @"hh\:mm\:ss" : @"hh\:mm\:ss\.fff", CultureInfo.InvariantCulture));
            if (BaseDate is { } date) text.Append(' ').Append(date.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture));
        }

        text.Append('\n');
        foreach (var signal in Signals) text.Append(signal.ToHeaderLine()).Append('\n');
        foreach (var segment in Segments) text.Append(CultureInfo.InvariantCulture, $"{segment.RecordName} {segment.Length}\n");
        foreach (var line in Info) text.Append("# ").Append(line).Append('\n');
        return text.ToString();
    }

    private static (WfdbHeader Header, int Segments) ParseRecordLine(string text, string file, int line)
    {
        var fields = new Fields(text, file, line);
        var name = fields.Text("the record's name");
        var segments = 0;
        if (name.IndexOf('/') is var slash and >= 0)
        {
            segments = fields.Integer(name[(slash + 1)..], "the number of segments after '/'", 1, 10_000_000);
            name = name[..slash];
        }

        var header = new WfdbHeader
        {
            RecordName = name,
            SignalCount = fields.Integer(fields.Text("the number of signals"), "the number of signals", 0, 10_000),
        };
        if (fields.Optional() is not { } rate) return (header, segments);
        header = ParseRate(header, rate, fields);
        if (fields.Optional() is not { } frames) return (header, segments);
        var count = fields.Long(frames, "the number of samples per signal");
        header = header with { Frames = count == 0 ? null : count };

        // The standard is HH:MM:SS and DD/MM/YYYY; the 2017 challenge wrote 2014-05-01 before the time.
        while (fields.Optional() is { } field)
        {
            if (TryParseDate(field, out var date)) header = header with { BaseDate = date };
            else if (TryParseTime(field, out var time)) header = header with { BaseTime = time };
            else throw fields.Wrong("a base time HH:MM:SS and a base date DD/MM/YYYY", field);
        }

        return (header, segments);
    }

    private static WfdbHeader ParseRate(WfdbHeader header, string rate, Fields fields)
    {
        double? counter = null;
        var baseCounter = 0.0;
        if (rate.IndexOf('/') is var slash and >= 0)
        {
            var tail = rate[(slash + 1)..];
            rate = rate[..slash];
            if (tail.IndexOf('(') is var open and >= 0)
            {
                if (!tail.EndsWith(')')) throw fields.Wrong("a base counter value in brackets", tail);
                baseCounter = fields.Number(tail[(open + 1)..^1], "the base counter value");
                tail = tail[..open];
            }

            counter = fields.Number(tail, "the counter frequency after '/'");
        }

        var frameRate = fields.Number(rate, "the sampling rate in samples per second");
        if (frameRate <= 0) throw fields.Wrong("a sampling rate above zero", rate);
        return header with { FrameRate = frameRate, CounterFrequency = counter is > 0 ? counter.Value : frameRate, BaseCounter = baseCounter };
    }

    private static bool TryParseDate(string field, out DateOnly date) =>
        DateOnly.TryParseExact(field, ["d/M/yyyy", "yyyy-M-d"], CultureInfo.InvariantCulture, DateTimeStyles.None, out date);

    private static bool TryParseTime(string field, out TimeSpan time)
    {
        time = default;
        var parts = field.Split(':');
        if (parts.Length > 3) return false;
        var seconds = 0.0;
        foreach (var part in parts)
        {
            if (!double.TryParse(part, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) || value >= 100) return false;
            seconds = 60 * seconds + value;
        }

        time = TimeSpan.FromTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond));
        return true;
    }

    private static WfdbSegment ParseSegment(string text, string file, int line)
    {
        var fields = new Fields(text, file, line);
        var name = fields.Text("the name of a segment's record");
        return new WfdbSegment(name, fields.Long(fields.Text("the samples of the segment"), "the samples of the segment"));
    }
}
