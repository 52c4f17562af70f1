using System.Data.Common;
using System.Text.Json;
using EcgFm.Core;
using EcgFm.Telemetry.Messages;
using EcgFm.Telemetry.Outbox;
using Microsoft.Extensions.Logging;

namespace EcgFm.Telemetry;

/// <summary>Turns what the stages say into messages on their topics. Safe to use from any thread.</summary>
public sealed class TelemetryPublisher : ITelemetrySink
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<AlertMessage>> _active;
    private readonly BrokerLink _link;
    private readonly TelemetryTopics _topics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <param name="link">The link to the broker.</param>
    /// <param name="topics">The topics of this device.</param>
    /// <param name="beds">The beds that it serves.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Hears when an alert could not be stored.</param>
    public TelemetryPublisher(BrokerLink link, TelemetryTopics topics, IEnumerable<string> beds, TimeProvider time, ILogger logger)
    {
        (_link, _topics, _time, _logger) = (link, topics, time, logger);
        _active = beds.Append("").ToDictionary(bed => bed, _ => new List<AlertMessage>());
        // The lists are retained: after a restart of this daemon or of the broker the old ones may be wrong or gone.
        // They go by the outbox like the alerts themselves, so that an older list never overtakes a newer one.
        link.Connected += (_, _) =>
        {
            lock (_gate)
                foreach (var bed in _active.Keys.Where(bed => bed.Length > 0))
                    link.Store(Stored(topics.ActiveAlerts(bed), ActiveAlerts(bed), retain: true));
        };
    }

    /// <inheritdoc/>
    /// <remarks>The bed's list of active alerts is stored with it.</remarks>
    public void Publish(Alert alert)
    {
        var message = AlertMessage.From(alert);
        lock (_gate)
        {
            var active = _active[alert.Bed ?? ""];
            active.RemoveAll(other => other.Id == alert.Id);
            if (alert.State != AlertState.Cleared) active.Add(message);
            var step = JsonSerializer.SerializeToUtf8Bytes(message, TelemetryJson.Default.AlertMessage);
            try
            {
                _link.Store(
                    Stored(_topics.Alert(alert.Bed), step, retain: false),
                    Stored(_topics.ActiveAlerts(alert.Bed), ActiveAlerts(alert.Bed ?? ""), retain: true));
            }
            catch (DbException fault)
            {
                // A full or broken disk must not end the monitoring, and the alert may still get through.
                _logger.LogError("The alert {Id} step {Sequence} could not be stored and goes out unprotected: {Fault}", alert.Id, alert.Sequence, fault.Message);
                _link.Send(_topics.Alert(alert.Bed), step);
                _link.Send(_topics.ActiveAlerts(alert.Bed), ActiveAlerts(alert.Bed ?? ""), retain: true);
            }
        }
    }

    /// <inheritdoc/>
    public void Publish(Interpretation interpretation, string bed) =>
        _link.Send(_topics.Interpretation(bed), JsonSerializer.SerializeToUtf8Bytes(InterpretationMessage.From(interpretation, bed), TelemetryJson.Default.InterpretationMessage));

    /// <inheritdoc/>
    public void Publish(Vitals vitals, string bed) =>
        _link.Send(_topics.Vitals(bed), JsonSerializer.SerializeToUtf8Bytes(VitalsMessage.From(vitals, bed), TelemetryJson.Default.VitalsMessage));

    /// <summary>Sends how the device is.</summary>
    public void Publish(HealthMessage health) =>
        _link.Send(_topics.Health, JsonSerializer.SerializeToUtf8Bytes(health, TelemetryJson.Default.HealthMessage), retain: true);

    private byte[] ActiveAlerts(string bed) =>
        JsonSerializer.SerializeToUtf8Bytes(new ActiveAlertsMessage(bed, _active[bed]), TelemetryJson.Default.ActiveAlertsMessage);

    private OutboxMessage Stored(string topic, byte[] payload, bool retain) => new(topic, payload, retain, _time.GetUtcNow());
}
