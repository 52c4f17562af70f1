using EcgFm.Core;

namespace EcgFm.Telemetry.Messages;

/// <summary>The payload of <c>{bed}/vitals</c>, once a second.</summary>
/// <param name="Bed">The bed.</param>
/// <param name="Time">The end of the ten seconds that it rests on.</param>
/// <param name="Source">Who has counted the beats.</param>
/// <param name="HeartRate">Beats per minute, where enough beats were found.</param>
/// <param name="LeadOff">Leads whose electrode is off.</param>
/// <param name="Absent">Leads that the source does not have.</param>
public sealed record VitalsMessage(string Bed, DateTimeOffset Time, VitalsSource Source, double? HeartRate, IReadOnlyList<string> LeadOff, IReadOnlyList<string> Absent)
{
    /// <summary>Always "vitals".</summary>
    public string Type { get; } = "vitals";

    /// <summary>Whether a sensor without ECG touches the skin, where it can tell.</summary>
    public bool? Contact { get; init; }

    /// <summary>What the intervals of a sensor without ECG say.</summary>
    public BeatsMessage? Beats { get; init; }

    /// <summary>The message for the vitals of the bed.</summary>
    public static VitalsMessage From(Vitals vitals, string bed) => new(
        bed,
        vitals.Time,
        vitals.Source,
        vitals.HeartRate is { } rate ? Math.Round(rate, 1) : null,
        [.. vitals.LeadOff.Select(StandardLeads.Name)],
        [.. vitals.Absent.Select(StandardLeads.Name)])
    {
        Contact = vitals.Contact,
        Beats = vitals.Rhythm is { } rhythm ? BeatsMessage.From(rhythm) : null,
    };
}
