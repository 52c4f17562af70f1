using EcgFm.Alerts;
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

    /// <summary>Threads for inference.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>The folder for the outbox; null to keep it in memory, for replays and demonstrations.</summary>
    public string? StateDirectory { get; init; }

    /// <summary>Whether the newest window wins when the network is too slow (live), or every window is interpreted in step with the source (replay).</summary>
    public bool SkipWhenSlow { get; init; } = true;

    /// <summary>Whether heart rate and lead state are worked out every second.</summary>
    public bool WithVitals { get; init; } = true;

    /// <summary>The beds.</summary>
    public required IReadOnlyList<BedConfiguration> Beds { get; init; }

    /// <summary>The alert rules.</summary>
    public IReadOnlyList<AlertRule> Rules { get; init; } = AlertRules.Default;

    /// <summary>The longest pause of a bed's alerts that may be asked for.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Whether a network that cannot be used here is the end (whoever tries one out), or monitoring goes on by the beats, with a technical alert.</summary>
    public bool MustHaveNetwork { get; init; } = true;
}
