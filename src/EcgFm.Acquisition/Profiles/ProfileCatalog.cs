namespace EcgFm.Acquisition.Profiles;

/// <summary>Finds device profiles by name in folders, or by path.</summary>
/// <param name="folders">Where to look, the first before the others: a profile of one's own replaces the one of the same name that came with the program.</param>
public sealed class ProfileCatalog(IReadOnlyList<string> folders)
{
    /// <summary>The machine's own profiles, then those that came with the program.</summary>
    public static ProfileCatalog Default { get; } = new(["/etc/ecgfm-edge/profiles", Path.Combine(AppContext.BaseDirectory, "profiles")]);

    /// <summary>Where it looks.</summary>
    public IReadOnlyList<string> Folders { get; } = folders;

    /// <summary>The files of all profiles, sorted by name.</summary>
    public IReadOnlyList<string> Files =>
    [
        .. Folders.Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.json"))
            .Where(file => !file.EndsWith(".schema.json", StringComparison.Ordinal))
            .DistinctBy(Path.GetFileName)
            .OrderBy(Path.GetFileName, StringComparer.Ordinal),
    ];

    /// <summary>Reads a profile.</summary>
    /// <param name="nameOrPath">Its name, or the path of its file.</param>
    /// <exception cref="ProfileException">There is none, or it is wrong.</exception>
    public DeviceProfile Find(string nameOrPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(nameOrPath);
        if (nameOrPath.Contains(Path.DirectorySeparatorChar) || nameOrPath.EndsWith(".json", StringComparison.Ordinal)) return ProfileReader.Read(nameOrPath);
        var file = Files.FirstOrDefault(file => Path.GetFileNameWithoutExtension(file) == nameOrPath);
        if (file is not null) return ProfileReader.Read(file);
        var names = string.Join(", ", Files.Select(Path.GetFileNameWithoutExtension));
        throw new ProfileException([$"profile is \"{nameOrPath}\"; allowed is one of {names}, or the path of a profile's file"]);
    }
}
