using EcgFm.Core;

namespace EcgFm.Telemetry.Messages;

/// <summary>The payload of <c>{bed}/vitals</c>, once a second.</summary>
/// <param name="Bed">The bed.</param>
/// <param name="Time">The end of the ten seconds that it rests on.</param>
/// <param name="HeartRate">Beats per minute, where enough beats were found.</param>
/// <param name="LeadOff">Leads whose electrode is off.</param>
/// <param name="Absent">Leads that the source does not have.</param>
public sealed record VitalsMessage(string Bed, DateTimeOffset Time, double? HeartRate, IReadOnlyList<string> LeadOff, IReadOnlyList<string> Absent)
{
    /// <summary>Always "vitals".</summary>
    public string Type { get; } = "vitals";

    /// <summary>The message for the vitals of the bed.</summary>
    public static VitalsMessage From(Vitals vitals, string bed) => new(
        bed,
        vitals.Time,
        vitals.HeartRate is { } rate ? Math.Round(rate, 1) : null,
        [.. vitals.LeadOff.Select(StandardLeads.Name)],
        [.. vitals.Absent.Select(StandardLeads.Name)]);
}
