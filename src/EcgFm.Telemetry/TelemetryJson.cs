using System.Text.Json;
using System.Text.Json.Serialization;
using EcgFm.Core;
using EcgFm.Telemetry.Messages;

namespace EcgFm.Telemetry;

/// <summary>How messages become JSON: camel case, names for enumerations, no nulls, one line.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(CamelCaseEnumConverter<AlertKind>), typeof(CamelCaseEnumConverter<AlertPriority>), typeof(CamelCaseEnumConverter<AlertState>), typeof(CamelCaseEnumConverter<DeviceState>), typeof(CamelCaseEnumConverter<VitalsSource>)])]
[JsonSerializable(typeof(AlertMessage))]
[JsonSerializable(typeof(ActiveAlertsMessage))]
[JsonSerializable(typeof(CommandAnswerMessage))]
[JsonSerializable(typeof(HealthMessage))]
[JsonSerializable(typeof(InterpretationMessage))]
[JsonSerializable(typeof(SnippetMessage))]
[JsonSerializable(typeof(StatusMessage))]
[JsonSerializable(typeof(VitalsMessage))]
public sealed partial class TelemetryJson : JsonSerializerContext;
