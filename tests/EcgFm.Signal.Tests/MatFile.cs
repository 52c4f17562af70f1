using System.Buffers.Binary;
using System.Text;

namespace EcgFm.Signal.Tests;

/// <summary>
/// As much of a MATLAB level 5 file ("MAT-File Format", MathWorks) as scipy.io.savemat writes for real numeric arrays without compression.
/// </summary>
internal static class MatFile
{
    private const int Header = 128, Matrix = 14, Small = 4;

    /// <summary>The array of this name as [rows × columns], row after row.</summary>
    public static (int Rows, int Columns, double[] Values) Read(string path, string name)
    {
        ReadOnlySpan<byte> file = File.ReadAllBytes(path);
        for (var rest = file[Header..]; rest.Length > 0;)
        {
            var element = Next(ref rest, out var type);
            if (type != Matrix) throw new InvalidDataException($"{path}: element type {type} is not known here.");
            _ = Next(ref element, out _);
            var dimensions = Next(ref element, out _);
            if (Encoding.ASCII.GetString(Next(ref element, out _)) != name) continue;
            var rows = BinaryPrimitives.ReadInt32LittleEndian(dimensions);
            var columns = BinaryPrimitives.ReadInt32LittleEndian(dimensions[4..]);
            var data = Next(ref element, out var kind);
            var values = new double[rows * columns];
            for (var row = 0; row < rows; row++)
                for (var column = 0; column < columns; column++)
                    values[(row * columns) + column] = Number(data, kind, (column * rows) + row);
            return (rows, columns, values);
        }

        throw new InvalidDataException($"{path} has no array {name}.");
    }

    private static double Number(ReadOnlySpan<byte> data, int kind, int index) => kind switch
    {
        7 => BinaryPrimitives.ReadSingleLittleEndian(data[(4 * index)..]),
        9 => BinaryPrimitives.ReadDoubleLittleEndian(data[(8 * index)..]),
        12 => BinaryPrimitives.ReadInt64LittleEndian(data[(8 * index)..]),
        _ => throw new InvalidDataException($"Number type {kind} is not known here."),
    };

    private static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> rest, out int type)
    {
        type = BinaryPrimitives.ReadUInt16LittleEndian(rest);
        int size = BinaryPrimitives.ReadUInt16LittleEndian(rest[2..]);
        ReadOnlySpan<byte> data;
        if (size != 0)
        {
            // The small form: up to four bytes beside their size.
            data = rest.Slice(Small, size);
            rest = rest[8..];
            return data;
        }

        size = BinaryPrimitives.ReadInt32LittleEndian(rest[4..]);
        data = rest.Slice(8, size);
        rest = rest[Math.Min(rest.Length, 8 + ((size + 7) / 8 * 8))..];
        return data;
    }
}
