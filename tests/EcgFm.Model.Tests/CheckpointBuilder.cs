using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using EcgFm.Model.Checkpoints;

namespace EcgFm.Model.Tests;

/// <summary>Writes checkpoints as torch.save does, right ones and wrong ones.</summary>
internal sealed class CheckpointBuilder
{
    private readonly List<(string Name, byte[] Data)> _entries = [];
    private int _storages;

    /// <summary>A tensor with its values; <see cref="Storage"/> may lie about the type. Tensors of one <see cref="Key"/> share their storage.</summary>
    public sealed record Tensor(float[] Values, int[] Shape, string Storage = "FloatStorage", long? Count = null, int[]? Strides = null, long Offset = 0, string? Key = null);

    /// <summary>Opcodes that go into the pickle as they are.</summary>
    public sealed record Raw(params byte[] Opcodes);

    public static NetworkArchitecture TinySizes(int labels = 3) => new()
    {
        Leads = 12,
        Convolutions = [new(8, 2, 2), new(8, 2, 2), new(12, 3, 3), new(16, 4, 3)],
        Width = 24,
        Layers = 2,
        Heads = 3,
        FeedForward = 40,
        PositionalKernel = 9,
        PositionalGroups = 4,
        Labels = labels,
    };

    /// <summary>The configuration of such a network.</summary>
    public static Dictionary<string, object?> Configuration(NetworkArchitecture sizes) => new()
    {
        ["_name"] = null,
        ["model"] = new Dictionary<string, object?>
        {
            ["_name"] = "ecg_transformer_classifier",
            ["in_d"] = (long)sizes.Leads,
            ["num_labels"] = (long)sizes.Labels,
            ["encoder_layers"] = (long)sizes.Layers,
            ["encoder_embed_dim"] = (long)sizes.Width,
            ["encoder_ffn_embed_dim"] = (long)sizes.FeedForward,
            ["encoder_attention_heads"] = (long)sizes.Heads,
            ["conv_feature_layers"] = string.Join(" + ", sizes.Convolutions.Select(c => $"[({c.Channels}, {c.Kernel}, {c.Stride})]")),
            ["conv_pos"] = (long)sizes.PositionalKernel,
            ["conv_pos_groups"] = (long)sizes.PositionalGroups,
            ["extractor_mode"] = "default",
            ["layer_norm_first"] = false,
            ["conv_bias"] = false,
        },
    };

    /// <summary>Random weights of a sensible size.</summary>
    public static Dictionary<string, object?> Weights(NetworkArchitecture sizes, int seed = 1)
    {
        var random = new Random(seed);
        var weights = new Dictionary<string, object?>();
        foreach (var (name, shape) in sizes.TensorShapes())
        {
            var values = new float[shape.Aggregate(1, (a, b) => a * b)];
            var around = name.EndsWith("original0", StringComparison.Ordinal) || (name.Contains("norm", StringComparison.Ordinal) || name.Contains("layers.0.2", StringComparison.Ordinal)) && name.EndsWith("weight", StringComparison.Ordinal) ? 1f : 0f;
            var spread = shape.Length > 1 ? 1 / MathF.Sqrt(values.Length / (float)shape[0]) : 0.1f;
            for (var i = 0; i < values.Length; i++) values[i] = around + spread * (float)((random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5) * 2);
            weights.Add(name, new Tensor(values, shape));
        }

        return weights;
    }

    public static Dictionary<string, object?> Top(NetworkArchitecture sizes) =>
        new() { ["args"] = null, ["cfg"] = Configuration(sizes), ["model"] = Weights(sizes), ["extra_state"] = new Dictionary<string, object?>() };

    public static string Write(string path, object? top, Action<CheckpointBuilder>? change = null)
    {
        var builder = new CheckpointBuilder();
        using var pickle = new MemoryStream();
        pickle.Write([0x80, 2]);
        builder.Pickle(pickle, top);
        pickle.WriteByte((byte)'.');
        builder._entries.Insert(0, ("archive/data.pkl", pickle.ToArray()));
        builder._entries.Add(("archive/version", "3\n"u8.ToArray()));
        change?.Invoke(builder);
        builder.Zip(path);
        return path;
    }

    /// <summary>A checkpoint whose pickle is these bytes.</summary>
    public static string WritePickle(string path, params byte[] pickle)
    {
        var builder = new CheckpointBuilder();
        builder._entries.Add(("archive/data.pkl", pickle));
        builder.Zip(path);
        return path;
    }

    public void Remove(string name) => _entries.RemoveAll(e => e.Name == name);

    public void Add(string name, byte[] data) => _entries.Add((name, data));

    public void Shorten(string name)
    {
        var at = _entries.FindIndex(e => e.Name == name);
        _entries[at] = (name, _entries[at].Data[..(_entries[at].Data.Length / 2)]);
    }

    public static byte[] Text(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        var bytes = new byte[5 + utf8.Length];
        bytes[0] = (byte)'X';
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(1), utf8.Length);
        utf8.CopyTo(bytes, 5);
        return bytes;
    }

    private void Pickle(MemoryStream to, object? value)
    {
        switch (value)
        {
            case null: to.WriteByte((byte)'N'); break;
            case bool flag: to.WriteByte(flag ? (byte)0x88 : (byte)0x89); break;
            case long number:
                to.Write([0x8a, 8]);
                to.Write(BitConverter.GetBytes(number));
                break;
            case string text: to.Write(Text(text)); break;
            case Raw raw: to.Write(raw.Opcodes); break;
            case Dictionary<string, object?> dict:
                to.Write("}("u8);
                foreach (var (key, item) in dict)
                {
                    Pickle(to, key);
                    Pickle(to, item);
                }

                to.WriteByte((byte)'u');
                break;
            case Tensor tensor: Pickle(to, tensor); break;
            default: throw new ArgumentException($"{value.GetType()} cannot be pickled here.", nameof(value));
        }
    }

    private void Pickle(MemoryStream to, Tensor tensor)
    {
        var key = tensor.Key ?? (_storages++).ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (_entries.TrueForAll(e => e.Name != "archive/data/" + key))
        {
            var bytes = new byte[tensor.Values.Length * 4];
            Buffer.BlockCopy(tensor.Values, 0, bytes, 0, bytes.Length);
            _entries.Add(("archive/data/" + key, bytes));
        }

        to.Write("ctorch._utils\n_rebuild_tensor_v2\n(("u8);
        to.Write(Text("storage"));
        to.Write(Encoding.ASCII.GetBytes($"ctorch\n{tensor.Storage}\n"));
        to.Write(Text(key));
        to.Write(Text("cpu"));
        Pickle(to, tensor.Count ?? tensor.Values.Length);
        to.Write("tQ"u8);
        Pickle(to, tensor.Offset);
        Integers(tensor.Shape);
        var strides = new int[tensor.Shape.Length];
        for (int d = strides.Length - 1, stride = 1; d >= 0; stride *= tensor.Shape[d--]) strides[d] = stride;
        Integers(tensor.Strides ?? strides);
        to.Write([0x89]);
        to.Write("ccollections\nOrderedDict\n)RtR"u8);

        void Integers(int[] values)
        {
            to.WriteByte((byte)'(');
            foreach (var n in values) Pickle(to, (long)n);
            to.WriteByte((byte)'t');
        }
    }

    private void Zip(string path)
    {
        using var zip = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        foreach (var (name, data) in _entries)
        {
            using var entry = zip.CreateEntry(name, name.EndsWith(".z", StringComparison.Ordinal) ? CompressionLevel.Optimal : CompressionLevel.NoCompression).Open();
            entry.Write(data);
        }
    }
}
