namespace EcgFm.Telemetry.Messages;

/// <summary>What a device has delivered and lost since the program began.</summary>
/// <param name="Received">Sampling instants that came.</param>
/// <param name="Interpolated">Sampling instants that were lost and interpolated.</param>
/// <param name="Missing">Sampling instants that were lost.</param>
/// <param name="Duplicates">Frames that came twice.</param>
/// <param name="Late">Frames that came after later ones, and were dropped.</param>
/// <param name="Restarts">Restarts of the device on an open line.</param>
/// <param name="DamagedFrames">Frames that were damaged on the line.</param>
/// <param name="DriftPpm">By how many millionths its clock is fast against this machine's.</param>
public sealed record DeviceCounts(long Received, long Interpolated, long Missing, long Duplicates, long Late, long Restarts, long DamagedFrames, double DriftPpm);
