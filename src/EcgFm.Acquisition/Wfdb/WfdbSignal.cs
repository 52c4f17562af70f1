using System.Globalization;
using System.Text;

namespace EcgFm.Acquisition.Wfdb;

/// <summary>One signal of a record: a signal specification line of <c>header(5)</c>, WFDB Applications Guide.</summary>
public sealed record WfdbSignal
{
    /// <summary>The gain that the WFDB library assumes for an uncalibrated signal.</summary>
    public const double DefaultGain = 200;

    /// <summary>The file of the samples, relative to the header's folder; <c>~</c> for a signal without samples.</summary>
    public required string FileName { get; init; }

    /// <summary>The storage format: 8, 16, 24, 32, 61, 80, 160, 212, 310, 311, or 0 for a signal without samples.</summary>
    public required int Format { get; init; }

    /// <summary>Samples of this signal in each frame.</summary>
    public int SamplesPerFrame { get; init; } = 1;

    /// <summary>Frames of this signal that precede frame 0 of the record.</summary>
    public int Skew { get; init; }

    /// <summary>Bytes before the first sample in the file, as in the challenges' MATLAB files (<c>16+24</c>).</summary>
    public long ByteOffset { get; init; }

    /// <summary>ADC units per physical unit.</summary>
    public double Gain { get; init; } = DefaultGain;

    /// <summary>Whether the header gives a gain; without one the amplitude is uncalibrated and <see cref="DefaultGain"/> is assumed.</summary>
    public bool IsCalibrated { get; init; } = true;

    /// <summary>The sample value that stands for zero physical units.</summary>
    public int Baseline { get; init; }

    /// <summary>The physical unit.</summary>
    public string Units { get; init; } = "mV";

    /// <summary>Bits of the converter.</summary>
    public int AdcResolution { get; init; }

    /// <summary>The sample value in the middle of the converter's range.</summary>
    public int AdcZero { get; init; }

    /// <summary>The value of the first sample; the starting point of format 8.</summary>
    public int InitialValue { get; init; }

    /// <summary>The sum of all samples, of which the low 16 bits count; null when the header gives none.</summary>
    public int? Checksum { get; init; }

    /// <summary>The block size of special files; zero for ordinary ones.</summary>
    public int BlockSize { get; init; }

    /// <summary>The signal's name, such as <c>MLII</c>.</summary>
    public string Description { get; init; } = "";

    /// <summary>Millivolts per <see cref="Units"/>; null when the unit is no voltage.</summary>
    public double? MillivoltsPerUnit => Units.ToUpperInvariant() switch
    {
        "V" => 1e3,
        "MV" => 1,
        "UV" or "\u00b5V" or "\u03bcV" or "\u039cV" => 1e-3,
        "NV" => 1e-6,
        _ => null,
    };

    /// <summary>Whether the signal is a voltage and so can be given in millivolts.</summary>
    public bool IsVoltage => MillivoltsPerUnit is not null;

    internal static WfdbSignal Parse(string text, string recordName, int index, string file, int line)
    {
        var fields = new Fields(text, file, line);
        var fileName = fields.Text("the name of the signal file");
        var format = fields.Text("a storage format such as 212 or 16+24");
        var tail = format.IndexOfAny(['x', ':', '+']);
        var signal = new WfdbSignal
        {
            FileName = fileName,
            Format = fields.Integer(tail < 0 ? format : format[..tail], "a storage format such as 212 or 16+24"),
        };
        if (!WfdbFormat.IsKnown(signal.Format))
            throw fields.Wrong($"one of the storage formats {WfdbFormat.KnownFormats}", format);
        for (var rest = tail < 0 ? "" : format[tail..]; rest.Length > 0;)
        {
            var end = rest.IndexOfAny(['x', ':', '+'], 1);
            var value = end < 0 ? rest[1..] : rest[1..end];
            signal = rest[0] switch
            {
                'x' => signal with { SamplesPerFrame = fields.Integer(value, "the samples per frame after 'x'", 1, 10_000) },
                ':' => signal with { Skew = fields.Integer(value, "the skew after ':'", 0, 10_000_000) },
                _ => signal with { ByteOffset = fields.Long(value, "the byte offset after '+'") },
            };
            rest = end < 0 ? "" : rest[end..];
        }

        var hasBaseline = false;
        if (fields.Optional() is { } gain)
        {
            if (gain.IndexOf('/') is var slash and >= 0)
            {
                if (slash < gain.Length - 1) signal = signal with { Units = gain[(slash + 1)..] };
                gain = gain[..slash];
            }

            if (gain.IndexOf('(') is var open and >= 0)
            {
                if (!gain.EndsWith(')')) throw fields.Wrong("a baseline in brackets after the gain", gain);
                signal = signal with { Baseline = fields.Integer(gain[(open + 1)..^1], "the baseline in brackets") };
                hasBaseline = true;
                gain = gain[..open];
            }

            var value = fields.Number(gain, "the gain in ADC units per physical unit");
            signal = signal with { Gain = value == 0 ? DefaultGain : value, IsCalibrated = value != 0 };
        }
        else
        {
            signal = signal with { IsCalibrated = false };
        }

        signal = signal with { AdcResolution = fields.OptionalInteger("the ADC resolution in bits") ?? 0 };
        signal = signal with { AdcZero = fields.OptionalInteger("the ADC zero") ?? 0 };
        if (!hasBaseline) signal = signal with { Baseline = signal.AdcZero };
        signal = signal with { InitialValue = fields.OptionalInteger("the initial value") ?? signal.AdcZero };
        signal = signal with { Checksum = fields.OptionalInteger("the checksum") };
        signal = signal with { BlockSize = fields.OptionalInteger("the block size") ?? 0 };
        var description = fields.Rest();
        return signal with { Description = description.Length > 0 ? description : $"record {recordName}, signal {index}" };
    }

    internal string ToHeaderLine()
    {
        var line = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{FileName} {Format}");
        if (SamplesPerFrame != 1) line.Append(CultureInfo.InvariantCulture, $"x{SamplesPerFrame}");
        if (Skew != 0) line.Append(CultureInfo.InvariantCulture, $":{Skew}");
        if (ByteOffset != 0) line.Append(CultureInfo.InvariantCulture, $"+{ByteOffset}");
        line.Append(CultureInfo.InvariantCulture, $" {(IsCalibrated ? Gain : 0):R}({Baseline})/{Units} {AdcResolution} {AdcZero} {InitialValue} {Checksum ?? 0} {BlockSize}");
        if (Description.Length > 0) line.Append(' ').Append(Description);
        return line.ToString();
    }
}
