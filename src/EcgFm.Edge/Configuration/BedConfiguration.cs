namespace EcgFm.Edge.Configuration;

/// <summary>One bed.</summary>
/// <param name="Name">Its name in topics: a position, never a patient.</param>
/// <param name="Hop">The time from the start of one window to the start of the next.</param>
/// <param name="Source">Where its ECG comes from.</param>
public sealed record BedConfiguration(string Name, TimeSpan Hop, SourceConfiguration Source);
