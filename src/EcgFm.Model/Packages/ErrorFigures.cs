namespace EcgFm.Model.Packages;

/// <summary>How far one output lies from what was expected.</summary>
/// <param name="Max">The greatest absolute difference.</param>
/// <param name="Rms">The root mean square difference.</param>
public readonly record struct ErrorFigures(double Max, double Rms)
{
    /// <summary>Whether neither figure is above its limit.</summary>
    public bool Within(ErrorFigures limits) => Max <= limits.Max && Rms <= limits.Rms;

    /// <summary>Compares two equally long runs of values. A value that is no number makes both figures infinite.</summary>
    public static ErrorFigures Between(ReadOnlySpan<float> values, ReadOnlySpan<float> expected)
    {
        if (values.Length != expected.Length) throw new ArgumentException("The two runs differ in length.", nameof(expected));
        double max = 0, sum = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var difference = Math.Abs((double)values[i] - expected[i]);
            if (double.IsNaN(difference)) return new(double.PositiveInfinity, double.PositiveInfinity);
            max = Math.Max(max, difference);
            sum += difference * difference;
        }

        return new(max, values.IsEmpty ? 0 : Math.Sqrt(sum / values.Length));
    }
}
