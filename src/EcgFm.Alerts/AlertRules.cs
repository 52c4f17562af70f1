using System.Collections.Immutable;
using EcgFm.Core;

namespace EcgFm.Alerts;

/// <summary>The rules that hold where nobody has set others.</summary>
public static class AlertRules
{
    /// <summary>
    /// Atrial fibrillation: three ten-second windows of three, after the convention that atrial fibrillation counts from 30 seconds on
    /// (2020 ESC Guidelines for the diagnosis and management of atrial fibrillation, section 3.2).
    /// </summary>
    public static ImmutableArray<AlertRule> Default { get; } =
    [
        new()
        {
            Code = "atrial-fibrillation",
            Label = "Atrial fibrillation",
            Title = "Atrial fibrillation",
            Priority = AlertPriority.Medium,
            SecondOpinion = SecondOpinion.Beats,
        },
    ];
}
