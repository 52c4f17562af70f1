using System.Runtime.InteropServices;
using EcgFm.Model;
using EcgFm.Model.Packages;

namespace EcgFm.Edge.Models;

/// <summary>
/// The packages that were installed on this box: a folder for each below <c>{state}/models</c>, with the links <c>current</c> and <c>previous</c>. A link that is
/// missing means the network that comes with the program. Links change in one step, so whoever follows them sees the one or the other.
/// </summary>
/// <param name="stateDirectory">The daemon's state directory.</param>
internal sealed partial class ModelStore(string stateDirectory)
{
    private readonly string _root = Path.Combine(Path.GetFullPath(stateDirectory), "models");

    private string CurrentLink => Path.Combine(_root, "current");

    private string PreviousLink => Path.Combine(_root, "previous");

    /// <summary>The folder of the package that is meant to be in use: the installed one, or the one that comes with the program.</summary>
    public string Current => Target(CurrentLink) ?? BundledModel.Path;

    /// <summary>The folder of the package that was in use before.</summary>
    public string Previous => Target(PreviousLink) ?? BundledModel.Path;

    /// <summary>Copies a package in, tests the copy and makes it the current one; the one before it is kept, older ones are not.</summary>
    /// <param name="directory">The folder of the package.</param>
    /// <param name="test">Throws when the network does not work on this device.</param>
    /// <exception cref="ModelFileException">The package is broken, or the test said no.</exception>
    public ModelPackage Install(string directory, Action<string> test)
    {
        var package = ModelPackage.Load(directory);
        var identity = package.Identity;
        // What a manifest says becomes the name of a folder only as far as it is a plain name.
        var name = string.Concat($"{identity.Name}-{identity.Version}-{identity.Precision}-{identity.Sha256[..8]}".Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' ? c : '_')).TrimStart('.');
        var folder = Path.Combine(_root, name);
        MakeFolder(_root);
        var fresh = Path.Combine(_root, ".new");
        if (Directory.Exists(fresh)) Directory.Delete(fresh, recursive: true);
        MakeFolder(fresh);
        try
        {
            foreach (var file in Directory.EnumerateFiles(directory)) Copy(file, Path.Combine(fresh, Path.GetFileName(file)));
            test(fresh);
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            Directory.Move(fresh, folder);
        }
        finally
        {
            if (Directory.Exists(fresh)) Directory.Delete(fresh, recursive: true);
        }

        if (Target(CurrentLink) is var current && current != folder) Link(PreviousLink, current);
        Link(CurrentLink, folder);
        foreach (var old in Directory.EnumerateDirectories(_root).Where(path => path != folder && path != Current && path != Previous && new DirectoryInfo(path).LinkTarget is null))
            Directory.Delete(old, recursive: true);
        return package;
    }

    /// <summary>Makes the package before the current one the current one, and the other way round.</summary>
    /// <exception cref="InvalidOperationException">Nothing was ever installed.</exception>
    public ModelPackage Rollback()
    {
        var (current, previous) = (Target(CurrentLink), Target(PreviousLink));
        if (current == previous) throw new InvalidOperationException($"There is nothing to go back to: no package was installed in {_root}.");
        var package = ModelPackage.Load(previous ?? BundledModel.Path);
        Link(PreviousLink, current);
        Link(CurrentLink, previous);
        return package;
    }

    /// <summary>Where a link leads; null when there is none or it leads nowhere.</summary>
    private static string? Target(string link) =>
        new DirectoryInfo(link) is { LinkTarget: not null } info && info.ResolveLinkTarget(returnFinalTarget: true) is { Exists: true } target ? target.FullName : null;

    private static void Link(string link, string? folder)
    {
        if (folder is null)
        {
            File.Delete(link);
            return;
        }

        var fresh = link + ".new";
        File.Delete(fresh);
        File.CreateSymbolicLink(fresh, Path.GetFileName(folder));
        if (Rename(fresh, link) != 0) throw new IOException($"{link} cannot be written: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    /// <summary>Everybody may read, whatever the umask of whoever installs: the daemon is another user.</summary>
    private static void MakeFolder(string path)
    {
        const UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        if (Directory.Exists(path)) return;
        Directory.CreateDirectory(path);
        File.SetUnixFileMode(path, mode);
    }

    private static void Copy(string from, string to)
    {
        using (var source = File.OpenRead(from))
        using (var target = File.Create(to))
        {
            source.CopyTo(target);
            target.Flush(flushToDisk: true);
        }

        File.SetUnixFileMode(to, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
    }

    // File.Move and Directory.Move follow or refuse a link to a folder; rename(2) replaces the link itself, in one step.
    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Rename(string from, string to);
}
