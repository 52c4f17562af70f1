namespace EcgFm.Edge.Configuration;

/// <summary>
/// Files with secrets. <c>credential:NAME</c> names one that systemd gave the service (LoadCredential=, SetCredentialEncrypted=), in <c>$CREDENTIALS_DIRECTORY</c>;
/// any other must belong to its owner alone.
/// </summary>
internal static class CredentialFile
{
    private const string Prefix = "credential:";

    /// <summary>Where the file is.</summary>
    public static string? Path(string? name) =>
        name is not null && name.StartsWith(Prefix, StringComparison.Ordinal)
            ? System.IO.Path.Combine(Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY") ?? "$CREDENTIALS_DIRECTORY", System.IO.Path.GetFileName(name[Prefix.Length..]))
            : name;

    /// <summary>What to do for a command that somebody runs, which is no service and has no credentials.</summary>
    private static string ByHand(string name) => Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY") is null
        ? $"; by hand: sudo systemd-run --pipe --wait -p LoadCredential={name[Prefix.Length..]}:FILE ecgfm-edge …"
        : "";

    /// <summary>What is in it, without the end of the line; null, and an error, when it cannot be had or others can read it.</summary>
    public static string? Secret(SettingsReader settings, string key, string name)
    {
        var path = Path(name)!;
        if (!File.Exists(path))
        {
            settings.Wrong(key, name, path == name ? "a file that exists and only its owner can read" : $"a credential that systemd gives this service: {path} is not there{ByHand(name)}");
            return null;
        }

        // systemd's own are shown with the rights of an access list, and nobody else can come to their folder.
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        if (path == name && (File.GetUnixFileMode(path) & others) != 0)
            settings.Wrong(key, path, $"a file that only its owner can read: chmod 600 {path}");
        try
        {
            return File.ReadAllText(path).TrimEnd('\r', '\n');
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            settings.Wrong(key, path, $"a file that this user can read ({fault.Message})");
            return null;
        }
    }
}
