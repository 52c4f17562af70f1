using EcgFm.Core;

namespace EcgFm.Telemetry.Commands;

/// <summary>What became of a command.</summary>
/// <param name="Answer">Whether it was done, or why not.</param>
/// <param name="Snippet">The name of the snippet that it brought, the last level of its topic.</param>
internal sealed record CommandOutcome(CommandAnswer Answer, Guid? Snippet = null);
