using System.Text.Json;

namespace EcgFm.Telemetry.Tests;

public class HomeAssistantTests
{
    private static readonly TelemetryTopics Topics = new("ecgfm/v1", "ward", "box.1");

    [Fact]
    public void Each_bed_is_announced_once_with_topics_that_are_there()
    {
        var announced = new HomeAssistantDiscovery(Topics, "1.2.3").Announce(["bed-1", "bed.2"]);
        Assert.Equal(
            [
                "homeassistant/sensor/ecgfm-ward-box_1/ecgfm-ward-box_1-bed-1-heart-rate/config",
                "homeassistant/binary_sensor/ecgfm-ward-box_1/ecgfm-ward-box_1-bed-1-alerts/config",
                "homeassistant/sensor/ecgfm-ward-box_1/ecgfm-ward-box_1-bed_2-heart-rate/config",
                "homeassistant/binary_sensor/ecgfm-ward-box_1/ecgfm-ward-box_1-bed_2-alerts/config",
            ],
            announced.Select(message => message.Topic));
        var entities = announced.Select(message => JsonDocument.Parse(message.Payload).RootElement).ToList();
        Assert.Equal(4, entities.Select(entity => entity.GetProperty("unique_id").GetString()).Distinct().Count());
        Assert.Equal([Topics.Vitals("bed-1"), Topics.ActiveAlerts("bed-1"), Topics.Vitals("bed.2"), Topics.ActiveAlerts("bed.2")], entities.Select(entity => entity.GetProperty("state_topic").GetString()));
        Assert.All(entities, entity => Assert.Equal((Topics.Status, "online", "offline"), (entity.GetProperty("availability_topic").GetString(), entity.GetProperty("payload_available").GetString(), entity.GetProperty("payload_not_available").GetString())));
        // A box says online, offline or stopped; Home Assistant knows two states and passes over a third.
        Assert.All(entities, entity => Assert.Equal("{{ 'online' if value_json.state == 'online' else 'offline' }}", entity.GetProperty("availability_template").GetString()));
        Assert.Single(entities.Select(entity => entity.GetProperty("device").GetRawText()).Distinct());
    }
}
