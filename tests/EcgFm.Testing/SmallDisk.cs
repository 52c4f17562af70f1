using System.Diagnostics;
using Xunit;

namespace EcgFm.Testing;

/// <summary>A disk of its own that can be full or read-only: a tmpfs. Only root may mount one; the test is skipped, visibly, where that cannot be done.</summary>
public sealed class SmallDisk : IDisposable
{
    private readonly string _folder;

    private SmallDisk(string folder) => _folder = folder;

    private string Filler => Path.Combine(_folder, "filler");

    public static SmallDisk Mount(string folder, int megabytes)
    {
        var (code, error) = Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", folder);
        Skip.IfNot(code == 0, $"A tmpfs cannot be mounted here: {error}");
        return new(folder);
    }

    /// <summary>Leaves not a byte.</summary>
    public void Fill()
    {
        using var file = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true) file.Write(new byte[512]);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    public void Free() => File.Delete(Filler);

    /// <summary>For files that are opened from now on: a file system with open files does not become read-only, a bind mount over it does.</summary>
    public void MakeReadOnly() => Must("mount", "--bind", "-o", "ro", _folder, _folder);

    public void MakeWritable() => Must("umount", "-l", _folder);

    public void Dispose()
    {
        // A test that failed may have left the bind mount too.
        while (Run("umount", "-l", _folder).Code == 0)
        {
        }
    }

    private static void Must(string program, params string[] arguments)
    {
        var (code, error) = Run(program, arguments);
        Assert.True(code == 0, error);
    }

    private static (int Code, string Error) Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error);
    }
}
