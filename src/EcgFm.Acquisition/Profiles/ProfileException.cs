namespace EcgFm.Acquisition.Profiles;

/// <summary>A device profile is wrong or not there. Each error names the file, the key and what is allowed.</summary>
/// <param name="errors">All that is wrong, a sentence each.</param>
public sealed class ProfileException(IReadOnlyList<string> errors) : Exception(string.Join(Environment.NewLine, errors))
{
    /// <summary>All that is wrong, a sentence each.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;
}
