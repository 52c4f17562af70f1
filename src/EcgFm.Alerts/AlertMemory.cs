using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using EcgFm.Core;

namespace EcgFm.Alerts;

/// <summary>What the alerts of a bed need to go on after a restart.</summary>
/// <param name="Alerts">The active alerts, each with its last step, without the samples behind it.</param>
/// <param name="PausedUntil">Until when they are paused.</param>
internal sealed record AlertMemory(ImmutableArray<Alert> Alerts, DateTimeOffset? PausedUntil)
{
    /// <summary>What was stored; nothing when nothing was, or when it cannot be read: monitoring begins all the same.</summary>
    public static AlertMemory From(byte[]? state) => (state is null ? null : Read(state)) ?? new([], null);

    /// <summary>What was stored; null when another version of the program wrote what this one cannot read.</summary>
    public static AlertMemory? Read(byte[] state)
    {
        try
        {
            return JsonSerializer.Deserialize(state, AlertMemoryJson.Default.AlertMemory) is { Alerts.IsDefault: false } memory ? memory : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>UTF-8 JSON; null when there is nothing to remember.</summary>
    public byte[]? ToBytes() => Alerts.IsEmpty && PausedUntil is null ? null : JsonSerializer.SerializeToUtf8Bytes(this, AlertMemoryJson.Default.AlertMemory);
}

/// <summary>How the memory becomes JSON.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(AlertMemory))]
internal sealed partial class AlertMemoryJson : JsonSerializerContext;
