using EcgFm.Acquisition.Frames;
using EcgFm.Core;

namespace EcgFm.Testing;

/// <summary>Sends blocks over a line as a device would: an info frame first and every second, then frames of samples.</summary>
/// <remarks>Not thread-safe. A sampling instant with a missing sample is not sent, so that it is missing at the other end too.</remarks>
public sealed class FrameWriter
{
    private readonly Stream _line;
    private readonly FrameEncoder _encoder;
    private readonly double[] _countsPerMillivolt;
    private readonly int _instantsPerFrame;
    private readonly int[] _values;
    private readonly byte[] _buffer;
    private readonly long _infoEvery;
    private long _nextInfo = long.MinValue;
    private int _length;

    /// <param name="line">Takes the bytes; it is not closed here.</param>
    /// <param name="format">What the frames say of the samples; the blocks must have its channels and its rate.</param>
    /// <param name="instantsPerFrame">The most sampling instants of one frame; 0 means 20 ms, or what fits into a frame when that is less.</param>
    /// <exception cref="ArgumentException">The frame cannot express the format.</exception>
    public FrameWriter(Stream line, StreamFormat format, int instantsPerFrame = 0)
    {
        _line = line;
        _encoder = new FrameEncoder(format);
        _countsPerMillivolt = [.. format.NanovoltsPerCount.Select(n => 1e6 / n)];
        var wanted = instantsPerFrame > 0 ? instantsPerFrame : (int)Math.Max(1, Math.Round(format.SampleRate * 0.02));
        _instantsPerFrame = Math.Min(wanted, _encoder.MaxInstants);
        _values = new int[_instantsPerFrame * format.Channels.Count];
        _buffer = new byte[2 * FrameEncoder.MaxFrameLength];
        _infoEvery = (long)Math.Ceiling(format.SampleRate);
    }

    /// <summary>Sends one block. The counter of the frames is the block's <see cref="EcgBlock.FirstSample"/> modulo 2³².</summary>
    /// <exception cref="ArgumentException">The block has other channels or another rate than the format.</exception>
    /// <exception cref="IOException">The line is gone.</exception>
    public async ValueTask WriteAsync(EcgBlock block, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(block);
        var format = _encoder.Format;
        if (block.Channels.Count != format.Channels.Count || block.SampleRate != format.SampleRate)
            throw new ArgumentException("The block has other channels or another rate than the frames say.", nameof(block));

        for (var at = 0; at < block.Length;)
        {
            var instants = Whole(block, at);
            if (instants == 0)
            {
                at++;
                continue;
            }

            Encode(block, at, instants);
            await _line.WriteAsync(_buffer.AsMemory(0, _length), cancellation).ConfigureAwait(false);
            at += instants;
        }
    }

    /// <summary>The number of instants from here on that are complete, up to a frame's worth.</summary>
    private int Whole(EcgBlock block, int from)
    {
        var most = Math.Min(_instantsPerFrame, block.Length - from);
        for (var channel = 0; channel < block.Channels.Count; channel++)
        {
            var missing = block.Channel(channel).Slice(from, most).IndexOf(float.NaN);
            if (missing >= 0) most = missing;
        }

        return most;
    }

    private void Encode(EcgBlock block, int from, int instants)
    {
        var channels = block.Channels.Count;
        for (var channel = 0; channel < channels; channel++)
        {
            var samples = block.Channel(channel).Slice(from, instants);
            for (var i = 0; i < instants; i++)
                _values[i * channels + channel] = (int)Math.Clamp(
                    Math.Round(samples[i] * _countsPerMillivolt[channel]), FrameLayout.MinSample, FrameLayout.MaxSample);
        }

        var index = block.FirstSample + from;
        _length = 0;
        if (index >= _nextInfo)
        {
            _nextInfo = index + _infoEvery;
            _length = _encoder.WriteInfo(_buffer);
        }

        var microseconds = (UInt128)index * 1_000_000_000 / (uint)Math.Round(block.SampleRate * 1000);
        _length += _encoder.WriteSamples(
            new SampleFrame
            {
                Counter = (uint)index,
                DeviceMicroseconds = (uint)(microseconds & uint.MaxValue),
                LeadOff = block.LeadOff,
                Channels = channels,
                Values = _values.AsSpan(0, instants * channels),
            },
            _buffer.AsSpan(_length));
    }
}
