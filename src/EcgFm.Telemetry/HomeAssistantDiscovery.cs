using System.Text;
using System.Text.Json.Nodes;

namespace EcgFm.Telemetry;

/// <summary>
/// Announces the beds to Home Assistant by its MQTT discovery: retained, below <c>homeassistant/</c>, in its own format
/// (home-assistant.io/integrations/mqtt). Each bed becomes a heart rate and a problem that is on while alerts are active.
/// </summary>
/// <param name="topics">The topics of this device.</param>
/// <param name="version">The version of the daemon.</param>
public sealed class HomeAssistantDiscovery(TelemetryTopics topics, string version)
{
    /// <summary>The announcements of these beds.</summary>
    public IReadOnlyList<(string Topic, byte[] Payload)> Announce(IEnumerable<string> beds) => [.. beds.SelectMany(bed => new[]
    {
        Message("sensor", bed, "heart-rate", new JsonObject
        {
            ["name"] = $"{bed} heart rate",
            ["state_topic"] = topics.Vitals(bed),
            ["value_template"] = "{{ value_json.heartRate | default(none) }}",
            ["unit_of_measurement"] = "bpm",
            ["state_class"] = "measurement",
            ["expire_after"] = 10,
        }),
        Message("binary_sensor", bed, "alerts", new JsonObject
        {
            ["name"] = $"{bed} alerts",
            ["state_topic"] = topics.ActiveAlerts(bed),
            ["value_template"] = "{{ 'ON' if value_json.alerts | count > 0 else 'OFF' }}",
            ["device_class"] = "problem",
            ["json_attributes_topic"] = topics.ActiveAlerts(bed),
        }),
    })];

    private (string Topic, byte[] Payload) Message(string component, string bed, string name, JsonObject entity)
    {
        // Home Assistant takes letters, digits, '-' and '_' only in the topics of its own.
        var device = $"ecgfm-{topics.Site}-{topics.Device}".Replace('.', '_');
        var id = $"{device}-{bed.Replace('.', '_')}-{name}";
        entity["unique_id"] = id;
        entity["availability_topic"] = topics.Status;
        // It passes over what is neither: a box that was stopped in good order is away too.
        entity["availability_template"] = "{{ 'online' if value_json.state == 'online' else 'offline' }}";
        entity["payload_available"] = "online";
        entity["payload_not_available"] = "offline";
        entity["device"] = new JsonObject
        {
            ["identifiers"] = new JsonArray(device),
            ["name"] = $"ECG {topics.Site} {topics.Device}",
            ["manufacturer"] = "EcgFm.Edge",
            ["model"] = "research software, not a medical device",
            ["sw_version"] = version,
        };
        return ($"homeassistant/{component}/{device}/{id}/config", Encoding.UTF8.GetBytes(entity.ToJsonString()));
    }
}
