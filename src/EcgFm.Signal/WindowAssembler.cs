using System.Runtime.InteropServices;
using EcgFm.Core;

namespace EcgFm.Signal;

/// <summary>Cuts a stream of standard leads at 500 Hz into windows. A ring holds the last ten seconds; a window is a copy of it.</summary>
/// <param name="hop">Samples from the start of a window to the start of the next.</param>
/// <param name="finite">Whether the stream is a record, whose last part counts when it makes half a window: in its last ten seconds, or, where it has no ten, padded.</param>
/// <param name="emit">Takes each window.</param>
internal sealed class WindowAssembler(long hop, bool finite, Action<EcgWindow> emit)
{
    private const int Length = EcgWindow.Length;

    /// <summary>What is known of a block once its samples are in the ring.</summary>
    private readonly record struct Segment(long First, long End, DateTimeOffset Start, uint LeadOff, uint Absent, int Interpolated);

    private readonly float[] _ring = new float[StandardLeads.Count * Length];
    private readonly Queue<Segment> _segments = new();
    private Segment _current;
    private bool _running;
    private long _next, _first, _start, _lastEnd, _index;

    /// <exception cref="InvalidOperationException">The block is not of the twelve standard leads at 500 Hz.</exception>
    public void Add(EcgBlock block)
    {
        if (block.Channels.Count != StandardLeads.Count || block.SampleRate != EcgWindow.SampleRate)
            throw new InvalidOperationException(
                $"Windows are cut from twelve standard leads at {EcgWindow.SampleRate} Hz, but a block of {block.Channels.Count} channels at "
                + $"{block.SampleRate} Hz came: ToStandardLeads and Resample go before Windows.");

        if (!_running) Restart(block.FirstSample);
        else if (block.FirstSample < _next || block.FirstSample - _next > Length)
        {
            CompleteWindowUnderWay();
            Restart(block.FirstSample);
        }
        else if (block.FirstSample > _next) Advance(block.FirstSample - _next, null);

        _current = new Segment(
            block.FirstSample, block.FirstSample + block.Length, block.Start, block.LeadOff, block.Absent, block.Interpolated);
        _segments.Enqueue(_current);
        Advance(block.Length, block);
    }

    /// <summary>The stream has ended.</summary>
    public void Complete()
    {
        if (!_running || !finite || _next <= _lastEnd || _next - _start < Length / 2) return;
        if (hop > Length || _next - _first < Length)
        {
            CompleteWindowUnderWay();
            return;
        }

        _start = _next - Length;
        Emit();
    }

    private void Restart(long first)
    {
        _running = true;
        _segments.Clear();
        _next = _first = _start = first;
        _lastEnd = first;
    }

    private void CompleteWindowUnderWay()
    {
        if (_next > _start) Advance(_start + Length - _next, null);
    }

    /// <summary>Takes samples of the block, or missing ones, into the ring; emits each window that they complete.</summary>
    private void Advance(long count, EcgBlock? block)
    {
        for (long done = 0; done < count;)
        {
            var rest = count - done;
            if (_next < _start)
            {
                // Between two windows, when the hop is longer than a window.
                var skipped = Math.Min(rest, _start - _next);
                _next += skipped;
                done += skipped;
                continue;
            }

            var taken = (int)Math.Min(rest, _start + Length - _next);
            var at = (int)(_next % Length);
            var head = Math.Min(taken, Length - at);
            for (var lead = 0; lead < StandardLeads.Count; lead++)
            {
                var ring = _ring.AsSpan(lead * Length, Length);
                if (block is null || (block.Absent >> lead & 1) != 0)
                {
                    ring.Slice(at, head).Fill(float.NaN);
                    ring[..(taken - head)].Fill(float.NaN);
                }
                else
                {
                    var source = block.Channel(lead).Slice((int)done, taken);
                    source[..head].CopyTo(ring[at..]);
                    source[head..].CopyTo(ring);
                }
            }

            _next += taken;
            done += taken;
            if (_next == _start + Length) Emit();
        }
    }

    private void Emit()
    {
        uint leadOff = 0, absent = 0xFFF;
        var interpolated = 0;
        var anchor = _segments.Count > 0 ? _segments.Peek() : _current;
        var any = false;
        foreach (var segment in _segments)
        {
            if (segment.First <= _start) anchor = segment;
            if (segment.First >= _start) interpolated += segment.Interpolated;
            if (segment.End <= _start) continue;
            any = true;
            leadOff |= segment.LeadOff;
            absent &= segment.Absent;
        }

        if (!any) absent = _current.Absent;
        var samples = GC.AllocateUninitializedArray<float>(StandardLeads.Count * Length);
        var missing = new int[StandardLeads.Count];
        var at = (int)(_start % Length);
        for (var lead = 0; lead < StandardLeads.Count; lead++)
        {
            var target = samples.AsSpan(lead * Length, Length);
            if ((absent >> lead & 1) != 0)
            {
                target.Clear();
                continue;
            }

            ReadOnlySpan<float> ring = _ring.AsSpan(lead * Length, Length);
            ring[at..].CopyTo(target);
            ring[..at].CopyTo(target[(Length - at)..]);
            missing[lead] = MissingSamples.Count(target);
        }

        emit(new EcgWindow
        {
            Index = _index++,
            FirstSample = _start,
            Start = anchor.Start + TimeSpan.FromTicks((_start - anchor.First) * (TimeSpan.TicksPerSecond / EcgWindow.SampleRate)),
            Samples = samples,
            Missing = ImmutableCollectionsMarshal.AsImmutableArray(missing),
            LeadOff = new LeadSet((ushort)leadOff),
            Absent = new LeadSet((ushort)absent),
            Interpolated = interpolated,
        });
        _lastEnd = _start + Length;
        _start += hop;

        // The last window of a record may reach back as far as the ring. The newest segment stays: the next window's time may have to be reckoned from it across a gap.
        while (_segments.Count > 1 && _segments.Peek().End <= _lastEnd - Length) _segments.Dequeue();
    }
}
