namespace EcgFm.Evaluation;

/// <summary>One record as a label judged it.</summary>
/// <param name="Probability">What was said.</param>
/// <param name="Positive">What is true.</param>
public readonly record struct Score(double Probability, bool Positive);
