using System.Text.Json;
using System.Text.Json.Serialization;

namespace EcgFm.Telemetry;

/// <summary>Writes the names of an enumeration in camel case and takes no numbers.</summary>
/// <typeparam name="T">The enumeration.</typeparam>
public sealed class CamelCaseEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;
