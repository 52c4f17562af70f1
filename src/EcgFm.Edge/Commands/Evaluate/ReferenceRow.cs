using System.Collections.Immutable;

namespace EcgFm.Edge.Commands.Evaluate;

/// <summary>What is true of one record.</summary>
/// <param name="Record">Its name, or its path below the folder of records.</param>
/// <param name="Truth">By the label's name; a label that is not there is not known.</param>
internal sealed record ReferenceRow(string Record, ImmutableDictionary<string, bool> Truth);
