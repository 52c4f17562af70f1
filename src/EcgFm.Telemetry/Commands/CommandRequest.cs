using EcgFm.Core;

namespace EcgFm.Telemetry.Commands;

/// <summary>What came on a command topic, read.</summary>
/// <param name="Name">acknowledge, pause, resume or snapshot; null when it could not be read.</param>
/// <param name="Request">The sender's own word for it, brought back in the answer.</param>
/// <param name="Command">The command; null when it is wrong.</param>
/// <param name="Fault">What is wrong, and what would be right.</param>
internal sealed record CommandRequest(string? Name, string? Request, AlertCommand? Command, string? Fault);
