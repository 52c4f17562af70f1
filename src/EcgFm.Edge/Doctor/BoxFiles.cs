namespace EcgFm.Edge.Doctor;

/// <summary>The files in which a Linux box tells of itself, below another root where a test wants it.</summary>
/// <param name="root">Where the paths begin.</param>
internal sealed class BoxFiles(string root = "/")
{
    /// <summary>The path below the root.</summary>
    public string At(string path) => Path.Combine(root, path.TrimStart('/'));

    /// <summary>The text of a small file without its line end; null when it is not there or not readable.</summary>
    public string? Read(string path)
    {
        try
        {
            return File.ReadAllText(At(path)).TrimEnd('\n', '\0');
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>What stands in a folder, in order; nothing when it is not there. Paths are without the root.</summary>
    public IEnumerable<string> Entries(string folder) => Directory.Exists(At(folder))
        ? Directory.EnumerateFileSystemEntries(At(folder)).Order(StringComparer.Ordinal).Select(path => Path.Combine(folder, Path.GetFileName(path)))
        : [];
}
