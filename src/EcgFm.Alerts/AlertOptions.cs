using EcgFm.Core;

namespace EcgFm.Alerts;

/// <summary>How the alerts of one bed, or of the box, are raised.</summary>
public sealed record AlertOptions
{
    /// <summary>The bed; null for the box.</summary>
    public string? Bed { get; init; }

    /// <summary>The rules.</summary>
    public IReadOnlyList<AlertRule> Rules { get; init; } = AlertRules.Default;

    /// <summary>The longest pause that may be asked for.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The time from one window for the network to the next, to know when it is late; null when nobody waits for it.</summary>
    public TimeSpan? Hop { get; init; } = EcgWindow.Duration;

    /// <summary>The <see cref="AlertUpdate.State"/> that was stored last before a restart; null to begin with nothing.</summary>
    public byte[]? State { get; init; }
}
