using EcgFm.Core;

namespace EcgFm.Model.Inference;

/// <summary>A window could not be interpreted. The stream goes on with the next one.</summary>
/// <param name="Window">The window.</param>
/// <param name="Error">Why.</param>
public sealed record InferenceFault(AssessedWindow Window, Exception Error);
