using System.Buffers;
using System.Text.Json;
using System.Text.RegularExpressions;
using EcgFm.Core;

namespace EcgFm.Telemetry.Commands;

/// <summary>Reads commands as strangers send them: whatever the bytes are, the result is a command or a sentence that says what is wrong.</summary>
internal static partial class CommandReader
{
    /// <summary>The most bytes of a command.</summary>
    public const int MaxBytes = 1024;

    /// <summary>The longest pause that can be asked for, in seconds.</summary>
    public const int MaxPauseSeconds = 86400;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 2, AllowDuplicateProperties = false };

    /// <summary>Reads a command for the bed, or for the box when it is null.</summary>
    public static CommandRequest Read(ReadOnlySequence<byte> payload, string? bed)
    {
        if (payload.Length > MaxBytes) return Wrong($"the command has {payload.Length} bytes; allowed are {MaxBytes}");
        try
        {
            using var json = JsonDocument.Parse(payload, Options);
            return json.RootElement.ValueKind == JsonValueKind.Object ? Read(json.RootElement, bed) : Wrong("the command is no JSON object");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // The parser's own words would quote the sender's bytes. A text that is no UTF-16 shows itself only when it is read.
            return Wrong("the command is no JSON object with each key once, UTF-8, at most two levels deep");
        }
    }

    private static CommandRequest Read(JsonElement json, string? bed)
    {
        var (name, request, by) = (Text(json, "command"), Text(json, "request"), Text(json, "by"));
        if (json.TryGetProperty("request", out _) && (request is null || !IsWord(request))) return new(name, null, null, $"request is wrong; allowed are {WordRule}");
        if (name is not ("acknowledge" or "pause" or "resume" or "snapshot")) return new(null, request, null, "command is missing or unknown; allowed are acknowledge, pause, resume, snapshot");
        if (by is null || !IsWord(by)) return Refuse("by is missing or wrong: name a role or a workplace, never a patient; allowed are " + WordRule);
        string[] keys = name switch { "acknowledge" or "snapshot" => ["command", "by", "request", "alert"], "pause" => ["command", "by", "request", "seconds"], _ => ["command", "by", "request"] };
        if (json.EnumerateObject().Any(property => !keys.Contains(property.Name))) return Refuse($"the command has keys that are not known; allowed with {name} are {string.Join(", ", keys)}");
        if (bed is null && name != "acknowledge") return Refuse($"{name} is for a bed, not for the whole box");
        switch (name)
        {
            case "acknowledge":
                return Text(json, "alert") is { } text && Guid.TryParseExact(text, "D", out var alert)
                    ? Take(new AlertCommand.Acknowledge(bed, by, alert))
                    : Refuse("alert is missing or wrong; allowed is the id of an alert");
            case "pause":
                return json.TryGetProperty("seconds", out var number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out var seconds) && seconds is >= 1 and <= MaxPauseSeconds
                    ? Take(new AlertCommand.Pause(bed, by, TimeSpan.FromSeconds(seconds)))
                    : Refuse($"seconds is missing or wrong; allowed is a whole number from 1 to {MaxPauseSeconds}");
            case "resume":
                return Take(new AlertCommand.Resume(bed, by));
            default:
                if (!json.TryGetProperty("alert", out _)) return Take(new AlertCommand.Snapshot(bed, by));
                return Text(json, "alert") is { } onset && Guid.TryParseExact(onset, "D", out var of)
                    ? Take(new AlertCommand.Snapshot(bed, by, of))
                    : Refuse("alert is wrong; allowed is the id of an alert, or none for the last ten seconds");
        }

        CommandRequest Take(AlertCommand command) => new(name, request, command, null);
        CommandRequest Refuse(string fault) => new(name, request, null, fault);
    }

    private const string WordRule = "1 to 64 letters, digits, spaces, '-', '_', '.'";

    private static CommandRequest Wrong(string fault) => new(null, null, null, fault);

    private static string? Text(JsonElement json, string key) =>
        json.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool IsWord(string text) => Word().IsMatch(text);

    [GeneratedRegex(@"^[A-Za-z0-9._ -]{1,64}\z")]
    private static partial Regex Word();
}
