using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace EcgFm.Edge.Configuration;

/// <summary>Reads settings one by one and collects all that is wrong with them, instead of stopping at the first.</summary>
/// <param name="section">The section to read.</param>
/// <param name="errors">Where the errors of all sections go.</param>
internal sealed class SettingsReader(IConfiguration section, List<string> errors)
{
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);

    public bool Has(string key) => Known(key).Exists();

    public SettingsReader Section(string key) => new(Known(key), errors);

    public IEnumerable<SettingsReader> List(string key) => Known(key).GetChildren().Select(child => new SettingsReader(child, errors));

    public string? Text(string key) => Known(key).Value;

    public string Required(string key, string allowed) => Text(key, _ => true, allowed, null) ?? "";

    /// <summary>A text that must pass the test; without a fallback it must be there.</summary>
    public string? Text(string key, Func<string, bool> test, string allowed, string? fallback)
    {
        if (Known(key).Value is not { } value)
        {
            if (fallback is null) errors.Add($"{Path(key)} is missing; allowed is {allowed}");
            return fallback;
        }

        if (value.Length > 0 && test(value)) return value;
        Wrong(key, value, allowed);
        return fallback;
    }

    public int Integer(string key, int fallback, int least, int most) =>
        Parse(key, fallback, $"a whole number from {least} to {most}", (string text, out int value) =>
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= least && value <= most);

    public double Number(string key, double fallback, double least, double most) =>
        Parse(key, fallback, string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}"), (string text, out double value) =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && value >= least && value <= most);

    public int Integer(string key, int fallback) =>
        Parse(key, fallback, "a whole number", (string text, out int value) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value));

    public double Number(string key, double fallback) =>
        Parse(key, fallback, "a number", (string text, out double value) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value));

    public TimeSpan Seconds(string key, TimeSpan fallback) => TimeSpan.FromSeconds(Math.Clamp(Number(key, fallback.TotalSeconds), -1e9, 1e9));

    /// <summary>A list of texts; null when there is none.</summary>
    public IReadOnlyList<string>? Texts(string key)
    {
        var list = Known(key);
        return list.Exists() ? [.. list.GetChildren().Select(child => child.Value ?? "")] : null;
    }

    public double? OptionalNumber(string key, double least, double most) => Has(key) ? Number(key, least, least, most) : null;

    public bool Flag(string key, bool fallback) => Parse<bool>(key, fallback, "true or false", bool.TryParse);

    public T Choice<T>(string key, T fallback)
        where T : struct, Enum =>
        Parse(key, fallback, string.Join(", ", Enum.GetNames<T>().Select(name => name.ToLowerInvariant())), (string text, out T value) =>
            Enum.TryParse(text, ignoreCase: true, out value) && Enum.IsDefined(value));

    public T Parse<T>(string key, T fallback, string allowed, Parser<T> parser)
    {
        if (Known(key).Value is not { } text) return fallback;
        if (parser(text, out var value)) return value;
        Wrong(key, text, allowed);
        return fallback;
    }

    public void Wrong(string key, string value, string allowed) => errors.Add($"{Path(key)} is \"{value}\"; allowed is {allowed}");

    public void Error(string sentence) => errors.Add(sentence);

    /// <summary>The full name of a key, with colons as .NET's configuration writes it.</summary>
    public string Path(string key) => section is IConfigurationSection { Path: var path } ? $"{path}:{key}" : key;

    /// <summary>Reports keys that nobody asked for: a misspelt key must not silently mean the default.</summary>
    public void RejectUnknown()
    {
        foreach (var child in section.GetChildren())
            if (!_known.Contains(child.Key))
                errors.Add($"{Path(child.Key)} is no setting; allowed are {string.Join(", ", _known.Order(StringComparer.Ordinal))}");
    }

    private IConfigurationSection Known(string key)
    {
        _known.Add(key);
        return section.GetSection(key);
    }

    /// <summary>Reads a value from its text.</summary>
    public delegate bool Parser<T>(string text, out T value);
}
