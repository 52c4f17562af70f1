using System.Collections.Immutable;
using EcgFm.Core;

namespace EcgFm.Acquisition.Wfdb;

/// <summary>
/// A WFDB record on disk: its header, and its voltage signals as channels in millivolts. Signals in other units (pressure, respiration) are left out.
/// </summary>
/// <remarks>
/// Signals with several samples per frame set the <see cref="SampleRate"/>; slower signals are held, as the WFDB library does in its high-resolution mode.
/// Multi-segment records are read as one; where a segment lacks a channel, and in gaps, samples are missing.
/// </remarks>
public sealed class WfdbRecord
{
    private readonly ImmutableArray<int> _selected;

    private WfdbRecord(string headerPath, WfdbHeader header, ImmutableArray<WfdbSignal> signals, bool byName, bool verifyChecksums)
    {
        HeaderPath = headerPath;
        Folder = Path.GetDirectoryName(Path.GetFullPath(headerPath))!;
        Header = header;
        ByName = byName;
        VerifyChecksums = verifyChecksums;
        _selected = [.. Enumerable.Range(0, signals.Length).Where(i => signals[i].IsVoltage)];
        if (_selected.IsEmpty)
            throw new WfdbException($"{headerPath}: none of the {signals.Length} signals is a voltage, so there is nothing to play as ECG.");
        if (_selected.Length > ChannelLayout.MaxChannels)
            throw new WfdbException($"{headerPath}: {_selected.Length} voltage signals; at most {ChannelLayout.MaxChannels} channels can be played.");
        Signals = [.. _selected.Select(i => signals[i])];
        SamplesPerFrame = Signals.Max(signal => signal.SamplesPerFrame);
        Channels = new ChannelLayout([.. Signals.Select(signal => signal.Description)]);
        Length = (header.Segments.IsEmpty ? FramesOf(header, Folder, headerPath) : header.Frames ?? header.Segments.Sum(segment => segment.Length)) * SamplesPerFrame;
    }

    /// <summary>The record's header.</summary>
    public WfdbHeader Header { get; }

    /// <summary>The path of the header file.</summary>
    public string HeaderPath { get; }

    /// <summary>The record's name.</summary>
    public string Name => Header.RecordName;

    /// <summary>The signals behind the channels, in their order.</summary>
    public ImmutableArray<WfdbSignal> Signals { get; }

    /// <summary>The channels, named as in the record.</summary>
    public ChannelLayout Channels { get; }

    /// <summary>Samples per second and channel.</summary>
    public double SampleRate => Header.FrameRate * SamplesPerFrame;

    /// <summary>Samples per channel.</summary>
    public long Length { get; }

    /// <summary>The time that the record spans.</summary>
    public TimeSpan Duration => Playback.TimeOf(Length, SampleRate);

    internal string Folder { get; }

    internal int SamplesPerFrame { get; }

    internal bool ByName { get; }

    internal bool VerifyChecksums { get; }

    /// <summary>Reads the header and checks that every signal file is there and long enough.</summary>
    /// <param name="path">The path of the record, with or without <c>.hea</c>.</param>
    /// <param name="verifyChecksums">Whether a wrong checksum is an error when the end of the record is reached.</param>
    /// <exception cref="WfdbException">Header or signal files are missing, malformed or too short; the message says which and how.</exception>
    public static WfdbRecord Open(string path, bool verifyChecksums = true)
    {
        ArgumentNullException.ThrowIfNull(path);
        var headerPath = path.EndsWith(".hea", StringComparison.OrdinalIgnoreCase) || (!File.Exists(path + ".hea") && HasSignalExtension(path))
            ? Path.ChangeExtension(path, ".hea")
            : path + ".hea";
        var header = WfdbHeader.Read(headerPath);
        if (header.Segments.IsEmpty) return new WfdbRecord(headerPath, header, header.Signals, byName: false, verifyChecksums);

        // A layout segment of length zero lists the signals of all the others, which then are matched by name.
        var byName = header.Segments[0].Length == 0;
        var layout = header.Segments.FirstOrDefault(segment => !segment.IsGap);
        if (layout.RecordName is null) throw new WfdbException($"{headerPath}: all segments are gaps.");
        var first = WfdbHeader.Read(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(headerPath))!, layout.RecordName + ".hea"));
        return new WfdbRecord(headerPath, header, first.Signals, byName, verifyChecksums);
    }

    /// <summary>Opens the signal files for reading from the first sample on.</summary>
    /// <exception cref="WfdbException">A signal file is missing or too short.</exception>
    public WfdbReader OpenReader() => new(this);

    /// <summary>Reads all samples: millivolts, channel after channel [channels × <see cref="Length"/>]. For short records.</summary>
    /// <exception cref="WfdbException">A file is missing or too short, or a checksum is wrong.</exception>
    public float[] ReadAll()
    {
        var samples = new float[checked((int)(Length * Channels.Count))];
        using var reader = OpenReader();
        _ = reader.Read(samples);
        reader.Finish();
        return samples;
    }

    /// <summary>Reads the record's annotation file; its times are given in samples of this record.</summary>
    /// <param name="annotator">The extension of the annotation file.</param>
    /// <exception cref="WfdbException">The file is missing or is no annotation file.</exception>
    public WfdbAnnotations ReadAnnotations(string annotator = "atr")
    {
        var annotations = WfdbAnnotations.Read(Path.ChangeExtension(HeaderPath, annotator));
        return annotations.InSamplesOf(SampleRate, Header.FrameRate);
    }

    /// <summary>For each channel the index of its signal in the header of a segment; −1 where the segment lacks it.</summary>
    internal ImmutableArray<int> SignalsIn(WfdbHeader segment) => ByName
        ? [.. Signals.Select(wanted => FindByName(segment, wanted.Description))]
        : [.. _selected.Select(i => i < segment.Signals.Length ? i : -1)];

    /// <summary>The frames of a single-segment record: as its header says and its files hold.</summary>
    /// <exception cref="WfdbException">A file is missing or too short.</exception>
    internal static long FramesOf(WfdbHeader header, string folder, string headerPath)
    {
        var frames = header.Frames;
        for (var first = 0; first < header.Signals.Length;)
        {
            var signal = header.Signals[first];
            var count = GroupLength(header, first);
            var frameSamples = header.Signals.AsSpan().Slice(first, count).ToArray().Sum(s => s.SamplesPerFrame);
            first += count;
            if (signal.Format == 0) continue;
            var path = Path.Combine(folder, signal.FileName);
            var file = new FileInfo(path);
            if (!file.Exists) throw new WfdbException($"{headerPath} names the signal file {path}, which is not there.");
            // The length of a link is that of the path it holds.
            if (file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target) file = target;
            if (header.Frames is { } promised)
            {
                var expected = signal.ByteOffset + WfdbFormat.Bytes(signal.Format, promised * frameSamples);
                if (file.Length < expected)
                    throw new WfdbException($"{path} is truncated: {promised} samples of {count} signals in format {signal.Format} take {expected} bytes, found {file.Length}.");
            }
            else
            {
                var held = WfdbFormat.Samples(signal.Format, Math.Max(0, file.Length - signal.ByteOffset)) / frameSamples;
                frames = Math.Min(frames ?? held, held);
            }
        }

        return frames ?? 0;
    }

    /// <summary>How many signals, from this one on, share its file.</summary>
    internal static int GroupLength(WfdbHeader header, int first)
    {
        var signal = header.Signals[first];
        var count = 1;
        while (signal.Format != 0 && first + count < header.Signals.Length && header.Signals[first + count].FileName == signal.FileName) count++;
        return count;
    }

    private static int FindByName(WfdbHeader segment, string name)
    {
        for (var i = 0; i < segment.Signals.Length; i++)
            if (segment.Signals[i].Description == name && segment.Signals[i].IsVoltage)
                return i;
        return -1;
    }

    private static bool HasSignalExtension(string path) =>
        Path.GetExtension(path).ToUpperInvariant() is ".DAT" or ".MAT" or ".ATR";
}
