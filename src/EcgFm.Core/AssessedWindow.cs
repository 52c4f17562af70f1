namespace EcgFm.Core;

/// <summary>A window with the judgement of its quality and its rhythm as the beats show it.</summary>
/// <param name="Window">The ten seconds.</param>
/// <param name="Quality">Whether they are fit for analysis.</param>
/// <param name="HeartRate">Beats per minute over the window, or null when too few beats were found.</param>
public sealed record AssessedWindow(EcgWindow Window, SignalQuality Quality, double? HeartRate);
