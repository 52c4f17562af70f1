namespace EcgFm.Edge.Configuration;

/// <summary>The configuration is wrong. Each error names the key, the value and what is allowed.</summary>
/// <param name="errors">All that is wrong, a sentence each.</param>
public sealed class ConfigurationException(IReadOnlyList<string> errors) : Exception(string.Join(Environment.NewLine, errors))
{
    /// <summary>All that is wrong, a sentence each.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;
}
