namespace EcgFm.Core;

/// <summary>What became of an <see cref="AlertCommand"/>.</summary>
/// <param name="Accepted">Whether it was done.</param>
/// <param name="Reason">Why not, and what would be right; null when it was done.</param>
public sealed record CommandAnswer(bool Accepted, string? Reason = null)
{
    /// <summary>It was done.</summary>
    public static CommandAnswer Done { get; } = new(true);

    /// <summary>It was not done.</summary>
    public static CommandAnswer Refused(string reason) => new(false, reason);
}
