using System.Globalization;

namespace EcgFm.Acquisition.Wfdb;

/// <summary>The blank-separated fields of one header line, with errors that say where and what.</summary>
internal sealed class Fields(string text, string file, int line)
{
    private int _at;

    public string? Optional()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at])) _at++;
        var start = _at;
        while (_at < text.Length && !char.IsWhiteSpace(text[_at])) _at++;
        return _at > start ? text[start.._at] : null;
    }

    public string Text(string expected) => Optional() ?? throw Wrong(expected, "the end of the line");

    public string Rest()
    {
        var rest = text[_at..].Trim();
        _at = text.Length;
        return rest;
    }

    public int? OptionalInteger(string expected) => Optional() is { } field ? Integer(field, expected) : null;

    public int Integer(string field, string expected, int min = int.MinValue, int max = int.MaxValue) =>
        int.TryParse(field, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max
            ? value
            : throw Wrong(expected, field);

    public long Long(string field, string expected) =>
        long.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : throw Wrong(expected, field);

    public double Number(string field, string expected) =>
        double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw Wrong(expected, field);

    public WfdbException Wrong(string expected, string found) => WfdbException.At(file, line, $"expected {expected}, found '{found}'.");
}
