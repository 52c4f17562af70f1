using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.OnnxRuntime.Tests;

/// <summary>Writes the smallest useful ONNX file by hand (protobuf, onnx.proto3), so that no test asset is needed.</summary>
internal static class TinyOnnx
{
    /// <summary>A graph <c>y = x + bias</c> with x of shape [batch, bias.Length], batch free.</summary>
    public static byte[] Add(params float[] bias)
    {
        byte[] raw = new byte[4 * bias.Length];
        for (int i = 0; i < bias.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(raw.AsSpan(4 * i), bias[i]);

        byte[] node = [.. Text(1, "x"), .. Text(1, "bias"), .. Text(2, "y"), .. Text(4, "Add")];
        byte[] initializer = [.. Number(1, bias.Length), .. Number(2, 1), .. Text(8, "bias"), .. Bytes(9, raw)];
        byte[] graph =
        [
            .. Bytes(1, node), .. Text(2, "tiny"), .. Bytes(5, initializer),
            .. Bytes(11, FloatMatrix("x", bias.Length)), .. Bytes(12, FloatMatrix("y", bias.Length)),
        ];
        return [.. Number(1, 8), .. Bytes(7, graph), .. Bytes(8, Number(2, 13))];
    }

    private static byte[] FloatMatrix(string name, int columns)
    {
        byte[] shape = [.. Bytes(1, Text(2, "batch")), .. Bytes(1, Number(1, columns))];
        byte[] tensor = [.. Number(1, 1), .. Bytes(2, shape)];
        return [.. Text(1, name), .. Bytes(2, Bytes(1, tensor))];
    }

    private static byte[] Number(int field, int value) => [.. Varint(field << 3), .. Varint(value)];

    private static byte[] Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    private static byte[] Bytes(int field, byte[] value) => [.. Varint((field << 3) | 2), .. Varint(value.Length), .. value];

    private static byte[] Varint(int value)
    {
        List<byte> bytes = [];
        for (; value >= 0x80; value >>= 7)
            bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        return [.. bytes];
    }
}
