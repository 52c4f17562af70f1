using EcgFm.Alerts;
using EcgFm.Edge.Dashboard;
using EcgFm.Edge.Models;
using EcgFm.Model.Inference;
using EcgFm.Telemetry;

namespace EcgFm.Edge.Configuration;

/// <summary>All that the daemon must know, checked.</summary>
public sealed record EdgeConfiguration
{
    /// <summary>The topics of this device.</summary>
    public required TelemetryTopics Topics { get; init; }

    /// <summary>The broker, or null to publish nothing.</summary>
    public required BrokerOptions? Broker { get; init; }

    /// <summary>The folder of the model package.</summary>
    public required string ModelPath { get; init; }

    /// <summary>The packages that were installed, one of which stands in the place of <see cref="ModelPath"/>; null where the configuration names a folder of its own.</summary>
    internal ModelStore? Store { get; init; }

    /// <summary>
    /// Whether nobody stands by: the network comes while the beds are monitored already, may fail without ending that, and may be replaced. Else it is there before
    /// anything begins, or nothing does.
    /// </summary>
    public bool Unattended { get; init; }

    /// <summary>How the network is run.</summary>
    public InferenceOptions Inference { get; init; } = new() { Threads = 1 };

    /// <summary>A native library of the user's own to run it with; null for the one that comes with the program.</summary>
    public string? InferenceLibrary { get; init; }

    /// <summary>The folder for the outbox; null to keep it in memory, for replays and demonstrations.</summary>
    public string? StateDirectory { get; init; }

    /// <summary>Whether the newest window wins when the network is too slow (live), or every window is interpreted in step with the source (replay).</summary>
    public bool SkipWhenSlow { get; init; } = true;

    /// <summary>Whether heart rate and lead state are worked out every second.</summary>
    public bool WithVitals { get; init; } = true;

    /// <summary>Where the beds are recorded; null to record nothing.</summary>
    public RecordingConfiguration? Recording { get; init; }

    /// <summary>Whether samples are sent for live views.</summary>
    public bool WithWave { get; init; }

    /// <summary>Whether the beds are announced to Home Assistant.</summary>
    public bool HomeAssistant { get; init; }

    /// <summary>The loopback port of <c>/healthz</c> and <c>/metrics</c>; null: nothing listens.</summary>
    public int? HealthPort { get; init; }

    /// <summary>The OpenTelemetry collector that gets the metrics; null: none does.</summary>
    public Uri? OpenTelemetry { get; init; }

    /// <summary>How the dashboard is served; null: it is not.</summary>
    public DashboardOptions? Dashboard { get; init; }

    /// <summary>The beds.</summary>
    public required IReadOnlyList<BedConfiguration> Beds { get; init; }

    /// <summary>The alert rules.</summary>
    public IReadOnlyList<AlertRule> Rules { get; init; } = AlertRules.Default;

    /// <summary>The longest pause of a bed's alerts that may be asked for.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(10);
}
