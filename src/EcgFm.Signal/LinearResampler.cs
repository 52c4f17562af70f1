using EcgFm.Core;

namespace EcgFm.Signal;

/// <summary>Brings a stream of blocks to another sampling rate by linear interpolation, block after block; the cuts between blocks leave no trace.</summary>
/// <remarks>
/// Output sample k is taken at source position k · step, computed from k and never summed up. There are two rules for the step:
/// of a stream without end it is fs / rate; of a record of N samples it is (N − 1) / (N′ − 1) with N′ = ⌊N · rate / fs⌋, which aligns both ends
/// as ECG-FM's authors do. A result next to a missing sample is missing; one that falls on a sample is that sample.
/// Not thread-safe; one instance serves one stream.
/// </remarks>
public sealed class LinearResampler
{
    private static readonly TimeSpan LongestFilledGap = TimeSpan.FromSeconds(1);

    private readonly long? _recordLength;
    private EcgBlock? _last;
    private double _numerator, _denominator;
    private long _nextInput, _nextOutput, _endOfOutput;
    private float[] _previous = [];
    private int[] _index = [];
    private float[] _fraction = [];
    private uint _pendingLeadOff;
    private int _pendingInterpolated;

    /// <param name="rate">Samples per second of the result.</param>
    /// <param name="recordLength">The samples per channel of a whole record, for the rule that aligns both ends; null for a stream without end.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate or the length is not positive.</exception>
    public LinearResampler(double rate = EcgWindow.SampleRate, long? recordLength = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rate);
        if (recordLength is { } length) ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length, nameof(recordLength));
        Rate = rate;
        _recordLength = recordLength;
    }

    /// <summary>Samples per second of the result.</summary>
    public double Rate { get; }

    /// <summary>The samples of the result that this block completes, or null when there are none yet.</summary>
    /// <param name="block">
    /// The next block. After lost samples (a jump of <see cref="EcgBlock.FirstSample"/>) the result keeps its step: up to one second is filled with
    /// missing samples, after more <see cref="EcgBlock.FirstSample"/> of the result jumps too. A step back, another layout or another rate starts anew.
    /// </param>
    public EcgBlock? Process(EcgBlock block)
    {
        ArgumentNullException.ThrowIfNull(block);
        if (block.SampleRate == Rate) return block;
        if (block.Length == 0) return null;

        Follow(block);
        var first = _nextOutput;
        var count = TakePositions(block);
        _nextInput = block.FirstSample + block.Length;

        EcgBlock? result = null;
        if (count > 0)
        {
            var samples = new float[block.Channels.Count * count];
            for (var channel = 0; channel < block.Channels.Count; channel++)
                if ((block.Absent >> channel & 1) == 0)
                    Interpolate(block.Channel(channel), _previous[channel], samples.AsSpan(channel * count, count));
            result = block with
            {
                SampleRate = Rate,
                FirstSample = first,
                Start = block.Start + TimeSpan.FromTicks(
                    (long)Math.Round((Position(first) - block.FirstSample) / block.SampleRate * TimeSpan.TicksPerSecond)),
                Samples = samples,
                LeadOff = block.LeadOff | _pendingLeadOff,
                Interpolated = block.Interpolated + _pendingInterpolated,
            };
            (_pendingLeadOff, _pendingInterpolated) = (0, 0);
        }
        else
        {
            _pendingLeadOff |= block.LeadOff;
            _pendingInterpolated += block.Interpolated;
        }

        for (var channel = 0; channel < block.Channels.Count; channel++)
            _previous[channel] = block.Channel(channel)[^1];
        return result;
    }

    private double Position(long output) => output * _numerator / _denominator;

    /// <summary>Sees to what changed since the last block: rate, layout, lost samples.</summary>
    private void Follow(EcgBlock block)
    {
        var restart = _last is null || _last.SampleRate != block.SampleRate || _last.Channels.Count != block.Channels.Count
            || block.FirstSample < _nextInput;
        var lost = block.FirstSample - _nextInput;
        _last = block;
        if (restart)
        {
            _previous = new float[block.Channels.Count];
            (_pendingLeadOff, _pendingInterpolated) = (0, 0);
            ChooseStep(block.SampleRate);
        }

        if (!restart && lost == 0) return;
        Array.Fill(_previous, float.NaN);
        if (restart || lost > LongestFilledGap.TotalSeconds * block.SampleRate) _nextOutput = FirstFrom(block.FirstSample);
    }

    private void ChooseStep(double sourceRate)
    {
        if (_recordLength is { } length)
        {
            _endOfOutput = (long)(length * Rate / sourceRate);
            (_numerator, _denominator) = (length - 1, Math.Max(_endOfOutput - 1, 1));
        }
        else
        {
            _endOfOutput = long.MaxValue;
            (_numerator, _denominator) = (sourceRate, Rate);
        }
    }

    /// <summary>The first output that lies on or after a source sample.</summary>
    private long FirstFrom(long sample)
    {
        if (_numerator == 0) return sample == 0 ? 0 : _endOfOutput;
        var output = (long)(sample * _denominator / _numerator);
        while (output > 0 && Position(output - 1) >= sample) output--;
        while (Position(output) < sample) output++;
        return output;
    }

    /// <summary>Finds the outputs whose neighbours are known once this block is; their positions relative to the block go to the scratch arrays.</summary>
    private int TakePositions(EcgBlock block)
    {
        var end = block.FirstSample + block.Length;
        var count = 0;
        for (; _nextOutput < _endOfOutput; _nextOutput++)
        {
            var position = Position(_nextOutput);
            var at = (long)position;
            var fraction = (float)(position - at);
            if (at + (fraction > 0 ? 1 : 0) >= end) break;
            if (count == _index.Length)
            {
                var room = Math.Max(64, 2 * count);
                Array.Resize(ref _index, room);
                Array.Resize(ref _fraction, room);
            }

            _index[count] = (int)(at - block.FirstSample);
            _fraction[count++] = fraction;
        }

        return count;
    }

    private void Interpolate(ReadOnlySpan<float> source, float previous, Span<float> target)
    {
        ReadOnlySpan<int> index = _index.AsSpan(0, target.Length);
        ReadOnlySpan<float> fraction = _fraction.AsSpan(0, target.Length);
        var k = 0;
        for (; k < target.Length && index[k] < 0; k++)
            target[k] = index[k] == -1 ? previous + ((source[0] - previous) * fraction[k]) : float.NaN;
        for (; k < target.Length; k++)
        {
            var left = source[index[k]];
            target[k] = fraction[k] == 0 ? left : left + ((source[index[k] + 1] - left) * fraction[k]);
        }
    }
}
