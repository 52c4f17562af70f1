namespace EcgFm.Edge.Configuration;

/// <summary>Where the beds are recorded, and how much of it is kept.</summary>
/// <param name="Directory">The folder.</param>
/// <param name="MaxGigabytes">The most that all recordings take together; null for no limit.</param>
/// <param name="MaxDays">How long a recording is kept; null for no limit.</param>
public sealed record RecordingConfiguration(string Directory, double? MaxGigabytes = null, double? MaxDays = null);
