using System.Globalization;
using System.Text.Json;

namespace EcgFm.Model.Packages;

/// <summary>Reads a JSON file value by value; whatever is missing or of the wrong kind is an error that names file and key.</summary>
internal readonly struct JsonReader
{
    private readonly string _file;
    private readonly string _path;
    private readonly JsonElement _element;

    private JsonReader(string file, string path, JsonElement element)
    {
        _file = file;
        _path = path;
        _element = element;
    }

    public static JsonReader Open(string file, long mostBytes = 4 << 20)
    {
        try
        {
            if (new FileInfo(file) is { Exists: true } info && info.Length > mostBytes)
                throw new ModelFileException(file, "", $"the file has {info.Length} bytes; at most {mostBytes} are read.");
            using var document = JsonDocument.Parse(File.ReadAllBytes(file), new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            return new(file, "", document.RootElement.Clone());
        }
        catch (JsonException e)
        {
            throw new ModelFileException(file, "", $"this is no valid JSON (line {e.LineNumber + 1}).", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelFileException(file, "", $"the file cannot be read ({e.Message})", e);
        }
    }

    public JsonReader this[string key] =>
        TryGet(key) ?? throw new ModelFileException(_file, Below(key), "it is missing.");

    public IEnumerable<JsonReader> Items
    {
        get
        {
            if (_element.ValueKind != JsonValueKind.Array) throw Wrong("an array");
            var i = 0;
            var (file, path) = (_file, _path);
            foreach (var item in _element.EnumerateArray()) yield return new(file, $"{path}[{i++}]", item);
        }
    }

    public bool IsArray => _element.ValueKind == JsonValueKind.Array;

    public JsonReader? TryGet(string key)
    {
        if (_element.ValueKind != JsonValueKind.Object) throw Wrong("an object");
        return _element.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? new(_file, Below(key), value) : null;
    }

    public string Text() => _element.ValueKind == JsonValueKind.String && _element.GetString() is { Length: > 0 } text ? text : throw Wrong("a text");

    public bool Flag() => _element.ValueKind is JsonValueKind.True or JsonValueKind.False ? _element.GetBoolean() : throw Wrong("true or false");

    public int Integer(int least, int most) =>
        _element.ValueKind == JsonValueKind.Number && _element.TryGetInt32(out var value) && value >= least && value <= most ? value : throw Wrong(least == most ? $"{least}" : $"an integer from {least} to {most}");

    public double Number(double least, double most) =>
        _element.ValueKind == JsonValueKind.Number && _element.TryGetDouble(out var value) && value >= least && value <= most ? value : throw Wrong(least == most ? least.ToString(CultureInfo.InvariantCulture) : FormattableString.Invariant($"a number from {least} to {most}"));

    public T OneOf<T>(params ReadOnlySpan<(string Name, T Value)> choices)
    {
        var text = Text();
        foreach (var (name, value) in choices)
            if (string.Equals(name, text, StringComparison.Ordinal))
                return value;
        var names = new List<string>();
        foreach (var (name, _) in choices) names.Add($"\"{name}\"");
        throw Wrong(string.Join(" or ", names));
    }

    public ModelFileException Wrong(string expected)
    {
        var found = _element.GetRawText();
        return new(_file, _path, $"it is {(found.Length > 60 ? found[..60] + "…" : found)}; expected {expected}.");
    }

    private string Below(string key) => _path.Length == 0 ? key : $"{_path}.{key}";
}
