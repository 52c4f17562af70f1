using System.Globalization;
using System.Text.Json;

namespace EcgFm.Acquisition.Profiles;

/// <summary>Reads one object of a profile key by key and collects what is wrong, instead of stopping at the first.</summary>
/// <param name="element">The object; anything else is an error.</param>
/// <param name="file">The file, for errors.</param>
/// <param name="path">The object's place in it, such as <c>channels:0</c>.</param>
/// <param name="errors">Where the errors go.</param>
internal sealed class ProfileNode(JsonElement element, string file, string path, List<string> errors)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public bool Has(string key) => Find(key) is not null;

    public ProfileNode Object(string key)
    {
        if (Optional(key) is { } node) return node;
        Missing(key, "an object");
        return new ProfileNode(default, file, Path(key), errors);
    }

    public ProfileNode? Optional(string key)
    {
        if (Find(key) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Object) Wrong(key, "an object");
        return new ProfileNode(value, file, Path(key), errors);
    }

    public IEnumerable<ProfileNode> List(string key)
    {
        if (Find(key) is not { } value) return [];
        if (value.ValueKind != JsonValueKind.Array)
        {
            Wrong(key, "a list");
            return [];
        }

        return [.. value.EnumerateArray().Select((item, i) => new ProfileNode(item, file, Path(string.Create(CultureInfo.InvariantCulture, $"{key}:{i}")), errors))];
    }

    /// <summary>A text; without a fallback it must be there.</summary>
    public string Text(string key, string? fallback)
    {
        const string Allowed = "a text";
        if (Find(key) is not { } value) return fallback ?? Missing(key, Allowed);
        if (value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text) return text;
        Wrong(key, Allowed + " that is not empty");
        return "";
    }

    /// <summary>A number; without a fallback it must be there.</summary>
    public double Number(string key, double? fallback, double least, double most)
    {
        var allowed = string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}");
        if (Find(key) is not { } value)
        {
            if (fallback is null) Missing(key, allowed);
            return fallback ?? least;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= least && number <= most) return number;
        Wrong(key, allowed);
        return least;
    }

    public int Integer(string key, int? fallback, int least, int most)
    {
        var allowed = string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}");
        if (Find(key) is not { } value)
        {
            if (fallback is null) Missing(key, allowed);
            return fallback ?? least;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least && number <= most) return number;
        Wrong(key, allowed);
        return least;
    }

    public TimeSpan Seconds(string key, double fallback, double most) => TimeSpan.FromSeconds(Number(key, fallback, 0, most));

    public bool Flag(string key, bool fallback)
    {
        if (Find(key) is not { } value) return fallback;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) return value.GetBoolean();
        Wrong(key, "true or false");
        return fallback;
    }

    /// <summary>One of some words; without a fallback it must be there.</summary>
    public T Choice<T>(string key, IReadOnlyList<(string Name, T Value)> choices, T? fallback)
        where T : struct
    {
        var allowed = "one of " + string.Join(", ", choices.Select(choice => choice.Name));
        if (Find(key) is not { } value)
        {
            if (fallback is null) Missing(key, allowed);
            return fallback ?? default;
        }

        if (value.ValueKind == JsonValueKind.String)
            foreach (var (name, meaning) in choices)
                if (value.GetString() == name)
                    return meaning;
        Wrong(key, allowed);
        return default;
    }

    public Guid? Uuid(string key, bool required)
    {
        const string Allowed = "a UUID such as 6E400003-B5A3-F393-E0A9-E50E24DCCA9E";
        if (Find(key) is not { } value)
        {
            if (required) Missing(key, Allowed);
            return null;
        }

        if (value.ValueKind == JsonValueKind.String && Guid.TryParseExact(value.GetString(), "D", out var uuid)) return uuid;
        Wrong(key, Allowed);
        return null;
    }

    public void Wrong(string key, string allowed) => errors.Add($"{file}: {Path(key)} is {Find(key)?.GetRawText()}; allowed is {allowed}");

    public string Missing(string key, string allowed)
    {
        // One error is enough for an object that is none.
        if (element.ValueKind == JsonValueKind.Object) errors.Add($"{file}: {Path(key)} is missing; allowed is {allowed}");
        return "";
    }

    /// <summary>Reports keys that nobody asked for: a misspelt key must not silently mean the default.</summary>
    public void RejectUnknown()
    {
        if (element.ValueKind == JsonValueKind.Undefined) return;
        if (element.ValueKind != JsonValueKind.Object)
        {
            if (path.Length == 0 || char.IsDigit(path[^1])) errors.Add($"{file}: {(path.Length > 0 ? path : "the profile")} is {element.GetRawText()}; allowed is an object");
            return;
        }

        foreach (var property in element.EnumerateObject().Where(property => !_known.Contains(property.Name)))
            errors.Add($"{file}: {Path(property.Name)} is unknown; allowed here is {string.Join(", ", _known.Order(StringComparer.Ordinal))}");
    }

    private string Path(string key) => path.Length > 0 ? $"{path}:{key}" : key;

    private JsonElement? Find(string key)
    {
        _known.Add(key);
        return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(key, out var value) ? value : null;
    }
}
