using System.Collections.Immutable;

namespace EcgFm.Core;

/// <summary>Ten seconds of the twelve standard leads at 500 Hz.</summary>
public sealed record EcgWindow
{
    /// <summary>Samples per second and lead.</summary>
    public const int SampleRate = 500;

    /// <summary>Samples per lead.</summary>
    public const int Length = 5000;

    /// <summary>The time that a window spans.</summary>
    public static TimeSpan Duration => TimeSpan.FromSeconds(Length / SampleRate);

    /// <summary>The number of this window since the stream began, from zero.</summary>
    public required long Index { get; init; }

    /// <summary>The index at 500 Hz of the first sample since the stream began.</summary>
    public required long FirstSample { get; init; }

    /// <summary>The time of the first sample.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>Millivolts, lead after lead [12 × 5000]: NaN where missing, zero where the lead is absent.</summary>
    public required float[] Samples { get; init; }

    /// <summary>Missing samples of each of the twelve leads.</summary>
    public required ImmutableArray<int> Missing { get; init; }

    /// <summary>Leads whose electrode was off in any part of the window.</summary>
    public LeadSet LeadOff { get; init; }

    /// <summary>Leads that the source does not have.</summary>
    public LeadSet Absent { get; init; }

    /// <summary>Sampling instants of the device that were filled by interpolation over short gaps.</summary>
    public int Interpolated { get; init; }

    /// <summary>The time just after the last sample.</summary>
    public DateTimeOffset End => Start + Duration;

    /// <summary>The samples of one lead, in millivolts.</summary>
    public ReadOnlySpan<float> Of(Lead lead) => Samples.AsSpan((int)lead * Length, Length);
}
