using System.Collections.Immutable;
using System.Text;
using EcgFm.Acquisition.Wfdb;
using EcgFm.Core;

namespace EcgFm.Acquisition.Recording;

/// <summary>One record that is being written, an hour at most: samples without a break from its first to its last, and its annotations.</summary>
internal sealed class OpenRecord : IDisposable
{
    /// <summary>The annotator: the extension of the annotation file. <c>atr</c> would claim that an expert has looked.</summary>
    public const string Annotator = "edge";

    /// <summary>One microvolt a step, ±32.767 mV around the baseline.</summary>
    private const double Gain = 1000;

    private const int MostText = 255;

    /// <summary>An electrode's offset beyond this gets a baseline of its own, so that format 16 holds the signal.</summary>
    private const double LargeOffset = 10;

    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LeastForNewBaseline = TimeSpan.FromMinutes(1);

    private readonly string _path;
    private readonly WfdbRecordWriter _writer;
    private readonly ChannelLayout _channels;
    private readonly double _rate;
    private readonly DateTimeOffset _start;
    private readonly ImmutableArray<int> _baselines;
    private readonly List<Annotation> _annotations = [];
    private readonly long _first;
    private uint _leadOff;
    private bool _annotated = true;

    /// <param name="path">The record, without extension.</param>
    /// <param name="block">The block with its first sample.</param>
    /// <param name="at">Which instant of the block is its first.</param>
    /// <param name="rhythm">The rhythm that goes on from the record before, or null.</param>
    public OpenRecord(string path, EcgBlock block, int at, string? rhythm)
    {
        (_path, _channels, _rate) = (path, block.Channels, block.SampleRate);
        _start = TimeOf(block, at);
        _first = block.FirstSample + at;
        _baselines = [.. Enumerable.Range(0, _channels.Count).Select(channel => Baseline(block.Channel(channel)))];
        _writer = new WfdbRecordWriter(path, _channels, _rate, gain: Gain, baselines: _baselines) { Start = _start };
        var hour = _start.UtcTicks - _start.UtcTicks % TimeSpan.TicksPerHour + TimeSpan.TicksPerHour;
        End = _first + Math.Max(1, (long)Math.Ceiling((hour - _start.UtcTicks) / (double)TimeSpan.TicksPerSecond * _rate - 1e-6));
        if (rhythm is not null) Annotate(_start, AnnotationCode.Rhythm, rhythm);
        try
        {
            _writer.Flush(toDisk: true);
        }
        catch
        {
            _writer.Dispose();
            throw;
        }
    }

    /// <summary>The index in the stream of the first sample that belongs to the next hour.</summary>
    public long End { get; }

    private long Next => _first + _writer.Length;

    /// <summary>Whether a block goes on where this record is: the same channels and rate, later samples of the same hour, a clock that was not set, within the range.</summary>
    public bool TakesOn(EcgBlock block) =>
        block.SampleRate == _rate
        && (ReferenceEquals(block.Channels, _channels) || block.Channels.Names.SequenceEqual(_channels.Names))
        && block.FirstSample >= Next && block.FirstSample < End
        && (TimeOf(block.FirstSample) - block.Start).Duration() <= ClockTolerance
        && (Next - _first < LeastForNewBaseline.TotalSeconds * _rate || Fits(block));

    /// <summary>Writes the block's instants from one on, as many as belong to this hour; returns how many that were.</summary>
    public int Write(EcgBlock block, int from)
    {
        var first = block.FirstSample + from;
        if (first > Next) Fill(first - Next);
        var length = (int)Math.Min(block.Length - from, End - first);
        var samples = new float[length * _channels.Count];
        for (var channel = 0; channel < _channels.Count; channel++) block.Channel(channel).Slice(from, length).CopyTo(samples.AsSpan(channel * length));
        MarkInterpolated(samples, length, Math.Clamp(block.Interpolated - from, 0, length));
        MarkLeads(block);
        _writer.Write(samples);
        // Handed to the system at once: only a power cut can take it, and only what came after the last Sync.
        _writer.Flush(toDisk: false);
        return length;
    }

    /// <summary>Notes something at a time, which is brought into this record when it lies outside.</summary>
    public void Annotate(DateTimeOffset time, byte code, string text)
    {
        var sample = (long)Math.Round((time - _start).TotalSeconds * _rate);
        var within = Math.Clamp(sample, 0, End - _first - 1);
        if (within != sample && code == AnnotationCode.Note) text = FormattableString.Invariant($"{text} ({time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'})");
        Insert(new Annotation(within, code, Shorten(text)));
    }

    /// <summary>Whether a time lies within what was written.</summary>
    public bool Covers(DateTimeOffset time) => time >= _start && time < TimeOf(Next);

    /// <summary>Notes something in a record that is complete, if it is still there.</summary>
    public void Amend(DateTimeOffset time, byte code, string text)
    {
        if (!File.Exists(_path + ".hea")) return;
        Annotate(time, code, text);
        SaveAnnotations();
    }

    /// <summary>Makes what is written so far outlast a power cut.</summary>
    public void Sync()
    {
        _writer.Flush(toDisk: true);
        SaveAnnotations();
    }

    public void Dispose()
    {
        try
        {
            Sync();
        }
        finally
        {
            _writer.Dispose();
        }
    }

    private void SaveAnnotations()
    {
        if (_annotated) return;
        new WfdbAnnotations { Items = [.. _annotations] }.Write($"{_path}.{Annotator}");
        _annotated = true;
    }

    private DateTimeOffset TimeOf(long index) => _start + Playback.TimeOf(index - _first, _rate);

    private static DateTimeOffset TimeOf(EcgBlock block, int at) => block.Start + Playback.TimeOf(at, block.SampleRate);

    private static int Baseline(ReadOnlySpan<float> samples)
    {
        double sum = 0;
        var count = 0;
        foreach (var sample in samples)
            if (!float.IsNaN(sample))
                (sum, count) = (sum + sample, count + 1);
        var mean = count == 0 ? 0 : Math.Round(sum / count);
        return Math.Abs(mean) <= LargeOffset ? 0 : (int)(-mean * Gain);
    }

    private bool Fits(EcgBlock block)
    {
        for (var channel = 0; channel < _channels.Count; channel++)
            foreach (var sample in block.Channel(channel))
                if (Math.Abs(sample * Gain + _baselines[channel]) > short.MaxValue)
                    return false;
        return true;
    }

    private void Fill(long gap)
    {
        Insert(new Annotation(Next - _first, AnnotationCode.Note, FormattableString.Invariant($"GAP {gap / _rate:0.###} s")));
        var missing = new float[Math.Min(gap, 1024) * _channels.Count];
        missing.AsSpan().Fill(float.NaN);
        for (; gap > 0; gap -= missing.Length / _channels.Count) _writer.Write(missing.AsSpan(0, (int)Math.Min(gap, 1024) * _channels.Count));
    }

    /// <summary>What the device did not send is missing here too: the flow bridges short gaps, a recording does not.</summary>
    private void MarkInterpolated(Span<float> samples, int length, int interpolated)
    {
        if (interpolated == 0) return;
        Insert(new Annotation(Next - _first, AnnotationCode.Note, FormattableString.Invariant($"GAP {interpolated / _rate:0.###} s")));
        for (var channel = 0; channel < _channels.Count; channel++) samples.Slice(channel * length, interpolated).Fill(float.NaN);
    }

    private void MarkLeads(EcgBlock block)
    {
        if (block.LeadOff == _leadOff) return;
        _leadOff = block.LeadOff;
        var off = _channels.Names.Where((_, channel) => (_leadOff >> channel & 1) != 0);
        Insert(new Annotation(Next - _first, AnnotationCode.Note, Shorten(_leadOff == 0 ? "LEADS ON" : $"LEADS OFF {string.Join(' ', off)}")));
    }

    /// <summary>In the order of time, after those of the same time.</summary>
    private void Insert(Annotation annotation)
    {
        var at = _annotations.Count;
        while (at > 0 && _annotations[at - 1].Sample > annotation.Sample) at--;
        _annotations.Insert(at, annotation);
        _annotated = false;
    }

    private static string Shorten(string text)
    {
        while (Encoding.UTF8.GetByteCount(text) > MostText) text = text[..^(char.IsLowSurrogate(text[^1]) ? 2 : 1)];
        return text;
    }
}
