using System.Collections.Immutable;
using EcgFm.Core;

namespace EcgFm.Acquisition.Wfdb;

/// <summary>Reads an open record from its first sample to its last, in pieces of any size and without allocating per sample.</summary>
public sealed class WfdbReader : IDisposable
{
    private readonly WfdbRecord _record;
    private readonly IEnumerator<(WfdbHeader? Header, string Path, long Samples)> _segments;
    private SegmentReader? _segment;
    private long _segmentLeft;
    private bool _finished;

    internal WfdbReader(WfdbRecord record)
    {
        _record = record;
        _segments = Segments().GetEnumerator();
        if (_segments.MoveNext()) OpenSegment();
    }

    /// <summary>Samples per channel read so far.</summary>
    public long Position { get; private set; }

    /// <summary>Samples per channel still to come.</summary>
    public long Remaining => _record.Length - Position;

    /// <summary>
    /// Reads the next samples: millivolts, channel after channel [channels × span length / channels], missing ones NaN. Fewer only at the end, which leaves the
    /// rest of each channel's part as it was.
    /// </summary>
    /// <returns>Samples per channel read; 0 at the end.</returns>
    /// <exception cref="WfdbException">A file is missing or too short; or, at the call after the last sample, a checksum is wrong.</exception>
    public int Read(Span<float> samples)
    {
        var stride = samples.Length / _record.Channels.Count;
        if (stride * _record.Channels.Count != samples.Length)
            throw new ArgumentException($"The span's length is a multiple of the {_record.Channels.Count} channels.", nameof(samples));
        if (Remaining == 0)
        {
            Finish();
            return 0;
        }

        var read = 0;
        while (read < stride && Remaining > 0)
        {
            while (_segmentLeft == 0 && NextSegment())
            {
            }

            var count = (int)Math.Min(Math.Min(stride - read, Remaining), _segmentLeft > 0 ? _segmentLeft : long.MaxValue);
            if (_segmentLeft > 0 && _segment is not null) _segment.Read(samples, stride, read, count);
            else FillMissing(samples, stride, read, count);
            if (_segmentLeft > 0) _segmentLeft -= count;
            Position += count;
            read += count;
        }

        return read;
    }

    /// <summary>The next block of at most so many samples per channel; null at the end, after the checksums were verified.</summary>
    /// <param name="length">Samples per channel.</param>
    /// <param name="start">The time of the record's first sample.</param>
    /// <exception cref="WfdbException">As <see cref="Read"/>.</exception>
    public EcgBlock? ReadBlock(int length, DateTimeOffset start)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        if (Remaining == 0)
        {
            Finish();
            return null;
        }

        var first = Position;
        var samples = new float[Math.Min(length, Remaining) * _record.Channels.Count];
        _ = Read(samples);
        return new EcgBlock
        {
            Channels = _record.Channels,
            SampleRate = _record.SampleRate,
            FirstSample = first,
            Start = start + Playback.TimeOf(first, _record.SampleRate),
            Samples = samples,
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _segment?.Dispose();
        _segment = null;
        _segments.Dispose();
    }

    /// <summary>Verifies the checksums of a record that was read to its end.</summary>
    /// <exception cref="WfdbException">A checksum is wrong.</exception>
    internal void Finish()
    {
        if (_finished) return;
        _finished = true;
        _segment?.Finish();
    }

    private static void FillMissing(Span<float> samples, int stride, int offset, int count)
    {
        for (var at = offset; at < samples.Length; at += stride) samples.Slice(at, count).Fill(float.NaN);
    }

    private bool NextSegment()
    {
        if (_segment is not null) _segment.Finish();
        _segment?.Dispose();
        _segment = null;
        if (!_segments.MoveNext()) return false;
        OpenSegment();
        return true;
    }

    private void OpenSegment()
    {
        var (header, path, samples) = _segments.Current;
        _segmentLeft = samples;
        if (header is not null) _segment = new SegmentReader(_record, header, path, samples / _record.SamplesPerFrame);
    }

    private IEnumerable<(WfdbHeader? Header, string Path, long Samples)> Segments()
    {
        if (_record.Header.Segments.IsEmpty)
        {
            yield return (_record.Header, _record.HeaderPath, _record.Length);
            yield break;
        }

        foreach (var segment in _record.Header.Segments)
        {
            if (segment.Length == 0) continue;
            var path = Path.Combine(_record.Folder, segment.RecordName + ".hea");
            yield return (segment.IsGap ? null : WfdbHeader.Read(path), path, segment.Length * _record.SamplesPerFrame);
        }
    }

    /// <summary>One single-segment record, whose signals may lie in several files.</summary>
    private sealed class SegmentReader : IDisposable
    {
        private const int ChunkFrames = 1024;

        private readonly WfdbRecord _record;
        private readonly WfdbHeader _header;
        private readonly string _path;
        private readonly long _frames;
        private readonly int _skew;
        private readonly List<Group> _groups = [];
        private readonly ushort[] _sums;
        private readonly ImmutableArray<int> _signals;
        private readonly (Group Group, int Offset, double Scale)[] _places;
        private long _windowStart;
        private int _windowFrames;
        private long _position;

        public SegmentReader(WfdbRecord record, WfdbHeader header, string path, long frames)
        {
            _record = record;
            _header = header;
            _path = path;
            var held = WfdbRecord.FramesOf(header, record.Folder, path);
            if (held < frames) throw new WfdbException($"{path}: {record.Header.RecordName} expects {frames} samples in this segment, found {held}.");
            _frames = header.Frames ?? frames;
            _sums = new ushort[header.Signals.Length];
            _signals = record.SignalsIn(header);
            _places = new (Group, int, double)[header.Signals.Length];
            _skew = header.Signals.IsEmpty ? 0 : header.Signals.Max(signal => signal.Skew);
            try
            {
                for (var first = 0; first < header.Signals.Length;)
                {
                    var members = header.Signals.AsSpan().Slice(first, WfdbRecord.GroupLength(header, first)).ToArray();
                    var group = new Group(members, first, record.Folder, ChunkFrames + _skew);
                    for (int i = 0, offset = 0; i < members.Length; offset += members[i++].SamplesPerFrame)
                        _places[first + i] = (group, offset, members[i].MillivoltsPerUnit ?? double.NaN);
                    _groups.Add(group);
                    first += members.Length;
                }
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        public void Read(Span<float> samples, int stride, int offset, int count)
        {
            var perFrame = _record.SamplesPerFrame;
            while (count > 0)
            {
                var frame = _position / perFrame;
                Load(frame);
                var take = (int)Math.Min(count, (_windowStart + _windowFrames - _skew) * perFrame - _position);
                for (var channel = 0; channel < _signals.Length; channel++)
                    Convert(_signals[channel], samples.Slice(channel * stride + offset, take));
                _position += take;
                offset += take;
                count -= take;
            }
        }

        /// <summary>Checks the sums of all signals that were read to their end.</summary>
        public void Finish()
        {
            if (!_record.VerifyChecksums || _header.Frames is null || _windowStart + _windowFrames < _frames) return;
            for (var i = 0; i < _sums.Length; i++)
            {
                // Zero stands for "not given" in many headers, the 2017 challenge's among them.
                var signal = _header.Signals[i];
                if (signal.Format == 0 || signal.Checksum is not { } expected || expected == 0 || (ushort)expected == _sums[i]) continue;
                throw new WfdbException(
                    $"{Path.Combine(_record.Folder, signal.FileName)}: the checksum of signal {i} ({signal.Description}) is {(short)_sums[i]}, {_path} expects {(short)expected}: the file is damaged or is not the header's.");
            }
        }

        public void Dispose()
        {
            foreach (var group in _groups) group.Dispose();
        }

        /// <summary>Moves the window so that it holds the frame and all that are skewed against it.</summary>
        private void Load(long frame)
        {
            if (frame + _skew < _windowStart + _windowFrames) return;
            var keep = (int)(_windowStart + _windowFrames - frame);
            var load = ChunkFrames + _skew - keep;
            foreach (var group in _groups)
            {
                group.Shift(_windowFrames - keep, keep);
                var fresh = group.Load(keep, load, _frames - (frame + keep));
                Sum(group, fresh);
            }

            _windowStart = frame;
            _windowFrames = keep + load;
        }

        private void Sum(Group group, ReadOnlySpan<int> frames)
        {
            var at = 0;
            while (at < frames.Length)
                for (var i = 0; i < group.Signals.Length; i++)
                    for (var k = 0; k < group.Signals[i].SamplesPerFrame; k++)
                        _sums[group.First + i] += (ushort)frames[at++];
        }

        private void Convert(int index, Span<float> target)
        {
            if (index < 0)
            {
                target.Fill(float.NaN);
                return;
            }

            var (group, offset, scale) = _places[index];
            var signal = _header.Signals[index];
            double baseline = signal.Baseline, gain = signal.Gain;
            int perFrame = _record.SamplesPerFrame, own = signal.SamplesPerFrame, missing = WfdbFormat.Missing(signal.Format);
            var window = group.Window;
            var first = (_position / perFrame - _windowStart + signal.Skew) * group.FrameSize + offset;
            if (perFrame == 1)
            {
                for (var i = 0; i < target.Length; i++, first += group.FrameSize)
                {
                    var value = window[first];
                    target[i] = value == missing || value == WfdbFormat.NoSample ? float.NaN : (float)((value - baseline) / gain * scale);
                }

                return;
            }

            var phase = (int)(_position % perFrame);
            for (var i = 0; i < target.Length; i++)
            {
                var value = window[first + phase * own / perFrame];
                target[i] = value == missing || value == WfdbFormat.NoSample ? float.NaN : (float)((value - baseline) / gain * scale);
                if (++phase < perFrame) continue;
                phase = 0;
                first += group.FrameSize;
            }
        }
    }

    /// <summary>The signals of one file.</summary>
    private sealed class Group : IDisposable
    {
        private readonly SampleDecoder _decoder;

        public Group(WfdbSignal[] signals, int first, string folder, int capacity)
        {
            Signals = signals;
            First = first;
            FrameSize = signals.Sum(signal => signal.SamplesPerFrame);
            Window = new int[capacity * FrameSize];
            var initial = signals.SelectMany(signal => Enumerable.Repeat(signal.InitialValue, signal.SamplesPerFrame)).ToArray();
            var path = signals[0].Format == 0 ? null : Path.Combine(folder, signals[0].FileName);
            _decoder = new SampleDecoder(path, signals[0].Format, signals[0].ByteOffset, initial);
        }

        public WfdbSignal[] Signals { get; }

        public int First { get; }

        public int FrameSize { get; }

        /// <summary>Decoded frames, the samples of each signal together within a frame.</summary>
        public int[] Window { get; }

        public void Shift(int from, int count) => Array.Copy(Window, from * FrameSize, Window, 0, count * FrameSize);

        /// <summary>Decodes frames into the window; returns those that the record has, the others are missing.</summary>
        public ReadOnlySpan<int> Load(int at, int count, long left)
        {
            var real = (int)Math.Clamp(left, 0, count);
            var fresh = Window.AsSpan(at * FrameSize, real * FrameSize);
            _decoder.Read(fresh);
            Window.AsSpan((at + real) * FrameSize, (count - real) * FrameSize).Fill(WfdbFormat.NoSample);
            return fresh;
        }

        public void Dispose() => _decoder.Dispose();
    }
}
