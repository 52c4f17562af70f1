namespace EcgFm.Edge.Doctor;

/// <summary>One thing that a check found.</summary>
/// <param name="Check">The check.</param>
/// <param name="Verdict">How bad it is.</param>
/// <param name="Text">What was found, in a sentence.</param>
/// <param name="Cure">The command that mends it; null where nothing is to be mended or no command could.</param>
internal sealed record Finding(string Check, Verdict Verdict, string Text, string? Cure = null);
