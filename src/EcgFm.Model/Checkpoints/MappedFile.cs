using System.IO.MemoryMappedFiles;

namespace EcgFm.Model.Checkpoints;

/// <summary>A file mapped into memory for reading: only the pages that are touched are ever loaded.</summary>
internal sealed class MappedFile : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    public MappedFile(string path)
    {
        Path = path;
        try
        {
            Length = new FileInfo(path).Length;
            if (Length == 0) throw new ModelFileException(path, "", "the file is empty.");
            _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelFileException(path, "", $"the file cannot be read ({e.Message})", e);
        }

        _view = _file.CreateViewAccessor(0, Length, MemoryMappedFileAccess.Read);
    }

    public string Path { get; }

    public long Length { get; }

    /// <summary>Copies from the file; the range must lie within it.</summary>
    public void Read<T>(long offset, Span<T> destination) where T : unmanaged
    {
        var bytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes(destination);
        if (offset < 0 || bytes.Length > Length - offset)
            throw new ModelFileException(Path, "", $"the file ends before byte {offset} + {bytes.Length}; it has {Length} bytes.");
        _view.SafeMemoryMappedViewHandle.ReadSpan((ulong)(_view.PointerOffset + offset), bytes);
    }

    public byte[] Read(long offset, int count)
    {
        var bytes = new byte[count];
        Read<byte>(offset, bytes);
        return bytes;
    }

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}
