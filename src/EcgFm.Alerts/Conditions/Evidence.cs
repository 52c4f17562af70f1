using EcgFm.Core;

namespace EcgFm.Alerts.Conditions;

/// <summary>What a condition was judged by last.</summary>
/// <param name="Time">When.</param>
internal readonly record struct Evidence(DateTimeOffset Time)
{
    public AssessedWindow? Window { get; init; }

    public Interpretation? Interpretation { get; init; }

    public Label? Label { get; init; }

    public float? Probability { get; init; }

    public string? Detail { get; init; }
}
