namespace EcgFm.Acquisition.Wfdb;

/// <summary>Replaces a small file so that a power cut leaves the old one or the new one, never half of it.</summary>
internal static class AtomicFile
{
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        var draft = path + ".tmp";
        using (var file = new FileStream(draft, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
    }
}
