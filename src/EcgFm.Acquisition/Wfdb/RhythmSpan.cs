namespace EcgFm.Acquisition.Wfdb;

/// <summary>A stretch of one rhythm.</summary>
/// <param name="Rhythm">The rhythm without its bracket: <c>AFIB</c>, <c>N</c>.</param>
/// <param name="Start">The first sample.</param>
/// <param name="End">The sample after the last one.</param>
public readonly record struct RhythmSpan(string Rhythm, long Start, long End);
