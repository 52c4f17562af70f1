using System.Collections.Immutable;

namespace EcgFm.Core;

/// <summary>What a sensor that counts the beats itself says, about once a second.</summary>
/// <param name="Time">When it was heard, by the clock of the host.</param>
/// <param name="HeartRate">Beats per minute as the sensor averages them; null when it has found none.</param>
/// <param name="Contact">Whether it touches the skin; null when it cannot tell.</param>
/// <param name="Intervals">The times between the beats that it has found since it was heard last, the oldest first.</param>
public sealed record Pulse(DateTimeOffset Time, double? HeartRate, bool? Contact, ImmutableArray<TimeSpan> Intervals);
