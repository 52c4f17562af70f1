using System.Reactive.Concurrency;
using EcgFm.Acquisition;
using EcgFm.Alerts;
using EcgFm.Core;
using EcgFm.Model;

namespace EcgFm.Edge;

/// <summary>What the monitor of one bed needs beside the network.</summary>
public sealed record MonitorOptions
{
    /// <summary>The bed's name in topics: a position, never a patient.</summary>
    public required string Bed { get; init; }

    /// <summary>Where its ECG comes from.</summary>
    public required IEcgSource Source { get; init; }

    /// <summary>Whether the source ends one day (a record), or is to be followed through every fault (a device).</summary>
    public required bool Finite { get; init; }

    /// <summary>The time from the start of one window to the start of the next.</summary>
    public TimeSpan Hop { get; init; } = EcgWindow.Duration;

    /// <summary>The alert rules.</summary>
    public IReadOnlyCollection<AlertRule> Rules { get; init; } = AlertRules.Default;
}
