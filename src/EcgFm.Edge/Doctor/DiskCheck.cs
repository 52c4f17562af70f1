using System.Globalization;
using EcgFm.Edge.Configuration;

namespace EcgFm.Edge.Doctor;

/// <summary>The state directory: writable, and not full.</summary>
/// <param name="configuration">The configuration.</param>
/// <param name="free">Free bytes at a path.</param>
internal sealed class DiskCheck(EdgeConfiguration configuration, Func<string, long>? free = null) : Check("disk")
{
    private const long LeastBytes = 100 << 20, ComfortableBytes = 1L << 30;

    protected override IEnumerable<Finding> Look()
    {
        if (configuration.StateDirectory is not { } given) yield break;
        var folder = Path.GetFullPath(given);
        if (!Directory.Exists(folder))
        {
            yield return Warning($"{folder} is not there yet: the daemon makes it, where it may", $"sudo install -d -o ecgfm-edge -g ecgfm-edge -m 750 {folder}");
            yield break;
        }

        if (!MayWrite(folder)) yield return Problem($"{Environment.UserName} may not write to {folder}: no alert would be stored", $"sudo chown -R ecgfm-edge: {folder}; or ask as the daemon's user: sudo -u ecgfm-edge ecgfm-edge doctor");
        var bytes = (free ?? (path => new DriveInfo(path).AvailableFreeSpace))(folder);
        var text = string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:f1} GB are free for {folder}");
        yield return bytes < LeastBytes ? Problem(text, "sudo journalctl --vacuum-size=100M") : bytes < ComfortableBytes ? Warning(text, "sudo journalctl --vacuum-size=100M") : Ok(text);
    }

    private static bool MayWrite(string folder)
    {
        var probe = Path.Combine(folder, $".doctor-{Guid.NewGuid():N}");
        try
        {
            using var file = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            file.WriteByte(0);
            file.Flush(flushToDisk: true);
            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
