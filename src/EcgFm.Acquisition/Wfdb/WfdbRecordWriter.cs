using System.Collections.Immutable;
using System.Text;
using EcgFm.Core;

namespace EcgFm.Acquisition.Wfdb;

/// <summary>Writes a record while its samples come in: one signal file, and on disposal the header with length, initial values and checksums.</summary>
/// <remarks><see cref="Flush"/> makes what is written so far a record that every reader takes, whatever happens afterwards: its header does not say how long it is.</remarks>
public sealed class WfdbRecordWriter : IDisposable
{
    private readonly string _path;
    private readonly double _sampleRate;
    private readonly int _format;
    private readonly double _gain;
    private readonly SampleEncoder _encoder;
    private readonly ushort[] _sums;
    private readonly int[] _initial;
    private readonly int[] _last;
    private readonly ImmutableArray<int> _baselines;
    private bool _hasHeader;
    private bool _disposed;

    /// <summary>Creates the signal file, replacing an older one.</summary>
    /// <param name="path">The path of the record, with or without <c>.hea</c>; its file name is the record's name.</param>
    /// <param name="channels">The channels of the samples.</param>
    /// <param name="sampleRate">Samples per second and channel.</param>
    /// <param name="format">The storage format: 8, 16, 24, 32, 61, 80, 160, 212, 310 or 311.</param>
    /// <param name="gain">ADC units per millivolt.</param>
    /// <param name="baselines">For each channel the sample value that stands for 0 mV; all zero unless given.</param>
    /// <exception cref="ArgumentException">The name, the format, the rate or the gain cannot be written.</exception>
    public WfdbRecordWriter(string path, ChannelLayout channels, double sampleRate, int format = 16, double gain = 1000, ImmutableArray<int> baselines = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(channels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sampleRate);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(gain);
        if (format == 0 || !WfdbFormat.IsKnown(format)) throw new ArgumentException($"The format is one of {WfdbFormat.KnownFormats}, not {format}.", nameof(format));
        _path = path.EndsWith(".hea", StringComparison.OrdinalIgnoreCase) ? path[..^4] : path;
        var name = Path.GetFileName(_path);
        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
            throw new ArgumentException($"'{name}' is no name for a record: letters, digits, hyphens and underscores.", nameof(path));
        Channels = channels;
        _baselines = baselines.IsDefault ? [.. new int[channels.Count]] : baselines;
        if (_baselines.Length != channels.Count) throw new ArgumentException($"There are {_baselines.Length} baselines for {channels.Count} channels.", nameof(baselines));
        (_sampleRate, _format, _gain) = (sampleRate, format, gain);
        (_sums, _initial, _last) = (new ushort[channels.Count], new int[channels.Count], new int[channels.Count]);
        _encoder = new SampleEncoder(new FileStream(_path + ".dat", FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16), format, channels.Count);
    }

    /// <summary>The channels of the samples.</summary>
    public ChannelLayout Channels { get; }

    /// <summary>Samples per channel written so far.</summary>
    public long Length { get; private set; }

    /// <summary>The time of the first sample, to stand in the header as UTC.</summary>
    public DateTimeOffset? Start { get; set; }

    /// <summary>The lines of comment under the header's signals.</summary>
    public ImmutableArray<string> Info { get; set; } = [];

    /// <summary>Writes samples: millivolts, channel after channel [channels × n]. Missing ones (NaN) are kept as the format's missing value (format 8 has none and holds the last sample); what exceeds the format is limited.</summary>
    /// <exception cref="ArgumentException">The span's length is no multiple of the channels.</exception>
    public void Write(ReadOnlySpan<float> samples)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var length = samples.Length / Channels.Count;
        if (length * Channels.Count != samples.Length)
            throw new ArgumentException($"The span's length is a multiple of the {Channels.Count} channels.", nameof(samples));
        var (min, max) = WfdbFormat.Range(_format);
        var missing = WfdbFormat.Missing(_format);
        for (var i = 0; i < length; i++)
            for (var channel = 0; channel < Channels.Count; channel++)
            {
                var millivolts = samples[channel * length + i];
                var value = float.IsNaN(millivolts) ? missing : (int)Math.Clamp(Math.Round(millivolts * _gain) + _baselines[channel], min, max);
                if (_format == 8 && value == missing) value = _last[channel];
                _last[channel] = value = _encoder.Write(value);
                _sums[channel] += (ushort)value;
                if (Length + i == 0) _initial[channel] = value;
            }

        Length += length;
    }

    /// <summary>Writes a block's samples.</summary>
    public void Write(EcgBlock block)
    {
        ArgumentNullException.ThrowIfNull(block);
        Write(block.Samples);
    }

    /// <summary>Hands what was written to the system, and the first time writes a header that leaves the length open.</summary>
    /// <param name="toDisk">Whether to wait until the disk has it, so that a power cut cannot take it.</param>
    /// <exception cref="IOException">The disk is full or gone.</exception>
    public void Flush(bool toDisk)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _encoder.Flush(toDisk);
        if (_hasHeader) return;
        WriteHeader(complete: false);
        _hasHeader = true;
    }

    /// <summary>Completes the signal file and writes the header.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _encoder.Dispose();
        WriteHeader(complete: true);
    }

    private void WriteHeader(bool complete)
    {
        var name = Path.GetFileName(_path);
        var utc = Start?.UtcDateTime;
        var header = new WfdbHeader
        {
            RecordName = name,
            FrameRate = _sampleRate,
            CounterFrequency = _sampleRate,
            Frames = complete ? Length : null,
            BaseTime = utc?.TimeOfDay,
            BaseDate = utc is { } date ? DateOnly.FromDateTime(date) : null,
            SignalCount = Channels.Count,
            Info = Info,
            Signals =
            [
                .. Channels.Names.Select((channel, i) => new WfdbSignal
                {
                    FileName = name + ".dat",
                    Format = _format,
                    Gain = _gain,
                    Baseline = _baselines[i],
                    AdcResolution = WfdbFormat.Bits(_format),
                    InitialValue = _initial[i],
                    Checksum = complete ? (short)_sums[i] : null,
                    Description = channel,
                }),
            ],
        };
        AtomicFile.Write(_path + ".hea", Encoding.UTF8.GetBytes(header.ToText()));
    }
}
