using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EcgFm.Acquisition.Tests.Profiles;

/// <summary>As much of JSON Schema as the profile's schema uses.</summary>
internal static class MiniSchema
{
    private static readonly HashSet<string> Understood =
    [
        "$schema", "$defs", "$ref", "title", "description", "type", "enum", "pattern", "minLength", "minimum", "maximum",
        "properties", "required", "additionalProperties", "items", "minItems", "maxItems",
    ];

    public static List<string> Errors(JsonNode schema, string json)
    {
        var errors = new List<string>();
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        Check(schema, schema, document.RootElement, "$", errors);
        return errors;
    }

    private static void Check(JsonNode root, JsonNode schema, JsonElement value, string path, List<string> errors)
    {
        if (schema["$ref"] is { } reference)
        {
            var target = ((string)reference!)["#/$defs/".Length..];
            Check(root, root["$defs"]![target]!, value, path, errors);
            return;
        }

        foreach (var (keyword, _) in schema.AsObject()) Assert.Contains(keyword, Understood);
        var type = (string?)schema["type"];
        var fits = type switch
        {
            null => true,
            "object" => value.ValueKind == JsonValueKind.Object,
            "array" => value.ValueKind == JsonValueKind.Array,
            "string" => value.ValueKind == JsonValueKind.String,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
            "number" => value.ValueKind == JsonValueKind.Number,
            _ => throw new NotSupportedException(type),
        };
        if (!fits)
        {
            errors.Add($"{path} is no {type}");
            return;
        }

        if (schema["enum"] is JsonArray choices && (value.ValueKind != JsonValueKind.String || choices.All(choice => (string?)choice != value.GetString()))) errors.Add($"{path}: enum");
        if (value.ValueKind == JsonValueKind.Number && (value.GetDouble() < (double?)schema["minimum"] || value.GetDouble() > (double?)schema["maximum"])) errors.Add($"{path}: range");
        if (value.ValueKind == JsonValueKind.String)
        {
            if (value.GetString()!.Length < (int?)schema["minLength"]) errors.Add($"{path}: minLength");
            if ((string?)schema["pattern"] is { } pattern && !Regex.IsMatch(value.GetString()!, pattern)) errors.Add($"{path}: pattern");
        }

        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in value.EnumerateObject())
                if (schema["properties"]?[property.Name] is { } inner) Check(root, inner, property.Value, $"{path}.{property.Name}", errors);
                else errors.Add($"{path}.{property.Name} is unknown");
            foreach (var name in schema["required"]?.AsArray() ?? [])
                if (!value.TryGetProperty((string)name!, out _)) errors.Add($"{path}.{name} is missing");
        }

        if (value.ValueKind != JsonValueKind.Array) return;
        if (value.GetArrayLength() < (int?)schema["minItems"] || value.GetArrayLength() > (int?)schema["maxItems"]) errors.Add($"{path}: length");
        foreach (var item in value.EnumerateArray()) Check(root, schema["items"]!, item, path + "[]", errors);
    }
}
