using System.Buffers.Binary;
using System.Text;

namespace EcgFm.Model.Checkpoints;

/// <summary>
/// The entries of a stored (not compressed) zip, as torch.save writes it. Sizes come from the central directory, because local headers
/// carry none; the offset of the data comes from the local header, because its alignment field differs. Format: PKWARE APPNOTE 6.3.
/// </summary>
internal sealed class ZipDirectory
{
    private const int EndSize = 22, Zip64EndSize = 56, LocatorSize = 20, CentralSize = 46, LocalSize = 30, MaxEntries = 1 << 20;
    private const long MaxDirectory = 256L << 20;
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly MappedFile _file;

    public ZipDirectory(MappedFile file)
    {
        _file = file;
        var (offset, size, count) = FindDirectory();
        if (count is < 0 or > MaxEntries) throw Bad($"the zip claims {count} entries; at most {MaxEntries} are read.");
        if (size is < 0 or > MaxDirectory || offset < 0 || offset > file.Length - size)
            throw Bad($"the zip's directory (byte {offset}, {size} bytes) lies outside the file of {file.Length} bytes.");
        Read(file.Read(offset, (int)size), (int)count);
        RefuseOverlaps(offset);
    }

    public IReadOnlyCollection<Entry> Entries => _entries.Values;

    public bool TryGet(string name, out Entry entry) => _entries.TryGetValue(name, out entry);

    private (long Offset, long Size, long Count) FindDirectory()
    {
        var tailLength = (int)Math.Min(_file.Length, EndSize + 0xFFFF);
        var tail = _file.Read(_file.Length - tailLength, tailLength);
        for (var i = tail.Length - EndSize; i >= 0; i--)
        {
            var end = tail.AsSpan(i);
            if (BinaryPrimitives.ReadUInt32LittleEndian(end) != 0x06054b50) continue;
            long count = BinaryPrimitives.ReadUInt16LittleEndian(end[10..]);
            long size = BinaryPrimitives.ReadUInt32LittleEndian(end[12..]);
            long offset = BinaryPrimitives.ReadUInt32LittleEndian(end[16..]);
            if (i < LocatorSize || BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(i - LocatorSize)) != 0x07064b50)
                return (offset, size, count);

            var at = BinaryPrimitives.ReadInt64LittleEndian(tail.AsSpan(i - LocatorSize + 8));
            if (at < 0 || at > _file.Length - Zip64EndSize) throw Bad($"the zip64 end record is said to be at byte {at}, outside the file.");
            var zip64 = _file.Read(at, Zip64EndSize).AsSpan();
            if (BinaryPrimitives.ReadUInt32LittleEndian(zip64) != 0x06064b50) throw Bad($"there is no zip64 end record at byte {at}.");
            return (BinaryPrimitives.ReadInt64LittleEndian(zip64[48..]), BinaryPrimitives.ReadInt64LittleEndian(zip64[40..]),
                BinaryPrimitives.ReadInt64LittleEndian(zip64[32..]));
        }

        throw Bad("this is no zip file; expected a checkpoint as torch.save of PyTorch 1.6 or later writes it.");
    }

    private void Read(ReadOnlySpan<byte> directory, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (directory.Length < CentralSize || BinaryPrimitives.ReadUInt32LittleEndian(directory) != 0x02014b50)
                throw Bad($"entry {i} of {count} of the zip's directory is broken or missing.");
            var method = BinaryPrimitives.ReadUInt16LittleEndian(directory[10..]);
            long packed = BinaryPrimitives.ReadUInt32LittleEndian(directory[20..]), size = BinaryPrimitives.ReadUInt32LittleEndian(directory[24..]);
            int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(directory[28..]), extraLength = BinaryPrimitives.ReadUInt16LittleEndian(directory[30..]);
            int commentLength = BinaryPrimitives.ReadUInt16LittleEndian(directory[32..]);
            long local = BinaryPrimitives.ReadUInt32LittleEndian(directory[42..]);
            if (directory.Length < CentralSize + nameLength + extraLength + commentLength)
                throw Bad($"entry {i} of {count} of the zip's directory is cut off.");
            var name = Encoding.UTF8.GetString(directory.Slice(CentralSize, nameLength));
            ReadZip64(directory.Slice(CentralSize + nameLength, extraLength), name, ref size, ref packed, ref local);
            directory = directory[(CentralSize + nameLength + extraLength + commentLength)..];

            if (local < 0 || local > _file.Length - LocalSize) throw Bad($"entry {name} is said to be at byte {local}, outside the file.");
            var header = _file.Read(local, LocalSize).AsSpan();
            if (BinaryPrimitives.ReadUInt32LittleEndian(header) != 0x04034b50) throw Bad($"entry {name} has no local header at byte {local}.");
            var start = local + LocalSize + BinaryPrimitives.ReadUInt16LittleEndian(header[26..]) + BinaryPrimitives.ReadUInt16LittleEndian(header[28..]);
            if (size < 0 || start > _file.Length || size > _file.Length - start)
                throw Bad($"entry {name} (byte {start}, {size} bytes) reaches beyond the end of the file at {_file.Length}.");
            if (!_entries.TryAdd(name, new(name, local, start, size, method == 0 && packed == size)))
                throw Bad($"entry {name} is there twice.");
        }
    }

    private void ReadZip64(ReadOnlySpan<byte> extra, string name, ref long size, ref long packed, ref long local)
    {
        while (extra.Length >= 4)
        {
            int id = BinaryPrimitives.ReadUInt16LittleEndian(extra), length = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (extra.Length < 4 + length) return;
            var field = extra.Slice(4, length);
            if (id == 1)
            {
                Take(ref size, ref field);
                Take(ref packed, ref field);
                Take(ref local, ref field);
            }

            extra = extra[(4 + length)..];
        }

        void Take(ref long value, ref ReadOnlySpan<byte> field)
        {
            if (value != uint.MaxValue) return;
            if (field.Length < 8) throw Bad($"the zip64 field of entry {name} is too short.");
            value = BinaryPrimitives.ReadInt64LittleEndian(field);
            field = field[8..];
        }
    }

    private void RefuseOverlaps(long directory)
    {
        long end = 0;
        var before = "the beginning";
        foreach (var entry in _entries.Values.OrderBy(e => e.Header))
        {
            if (entry.Header < end) throw Bad($"entry {entry.Name} overlaps {before}.");
            (end, before) = (entry.Offset + entry.Size, entry.Name);
        }

        if (end > directory) throw Bad($"entry {before} overlaps the zip's directory.");
    }

    private ModelFileException Bad(string problem) => new(_file.Path, "", problem);

    /// <param name="Name">The path within the zip.</param>
    /// <param name="Header">Where the local header begins.</param>
    /// <param name="Offset">Where the data begin.</param>
    /// <param name="Size">Bytes of data.</param>
    /// <param name="Stored">Whether the data are there as they are, not compressed.</param>
    internal readonly record struct Entry(string Name, long Header, long Offset, long Size, bool Stored);
}
