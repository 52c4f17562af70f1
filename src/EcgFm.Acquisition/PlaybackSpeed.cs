using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace EcgFm.Acquisition;

/// <summary>How fast a record or the simulator is played. The default value is real time.</summary>
public readonly record struct PlaybackSpeed : IParsable<PlaybackSpeed>
{
    private readonly double _factor;

    private PlaybackSpeed(double factor) => _factor = factor;

    /// <summary>One second of signal in one second.</summary>
    public static PlaybackSpeed RealTime => default;

    /// <summary>As fast as the consumer takes the blocks, without any clock.</summary>
    public static PlaybackSpeed Max => new(double.PositiveInfinity);

    /// <summary>Seconds of signal per second; infinite for <see cref="Max"/>.</summary>
    public double Factor => _factor == 0 ? 1 : _factor;

    /// <summary>Whether no clock paces the blocks.</summary>
    public bool IsMax => double.IsPositiveInfinity(_factor);

    /// <summary>A multiple of real time.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The factor is not a positive number.</exception>
    public static PlaybackSpeed Times(double factor)
    {
        if (double.IsNaN(factor)) throw new ArgumentOutOfRangeException(nameof(factor), factor, "The speed is a positive number.");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(factor);
        return new(factor == 1 ? 0 : factor);
    }

    /// <summary>Reads <c>1</c>, <c>60</c>, <c>0.5</c>, <c>60x</c> or <c>max</c>.</summary>
    /// <exception cref="FormatException">The text is none of these.</exception>
    public static PlaybackSpeed Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var speed)
            ? speed
            : throw new FormatException($"'{s}' is no speed: give a positive number (1 is real time) or max.");

    /// <summary>Reads a speed; false when the text is none.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out PlaybackSpeed result)
    {
        result = default;
        var text = (s ?? "").Trim();
        if (text.Equals("max", StringComparison.OrdinalIgnoreCase))
        {
            result = Max;
            return true;
        }

        if (text.EndsWith('x') || text.EndsWith('X')) text = text[..^1];
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var factor) || !double.IsFinite(factor) || factor <= 0)
            return false;
        result = Times(factor);
        return true;
    }

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public override string ToString() => IsMax ? "max" : Factor.ToString(CultureInfo.InvariantCulture);
}
