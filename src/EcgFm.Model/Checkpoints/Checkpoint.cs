using System.Runtime.InteropServices;

namespace EcgFm.Model.Checkpoints;

/// <summary>
/// A checkpoint of ECG-FM as fairseq-signals' trainer saves it: a zip with a pickle and the data of the tensors. The file is mapped into
/// memory and tensors are read when asked for; the pickle is interpreted by a reader that can build tensors and plain containers and run nothing.
/// </summary>
public sealed class Checkpoint : IDisposable
{
    private const int MaxDepth = 64;

    /// <summary>Attention weights of one segment and layer: 256 MB; the official network has 1.2 MB.</summary>
    private const long MaxAttention = 64 << 20;

    private readonly MappedFile _file;
    private readonly ZipDirectory _zip;
    private readonly string _prefix;
    private readonly PickleDict _top;

    private Checkpoint(MappedFile file)
    {
        _file = file;
        _zip = new(file);
        (_prefix, var pickle) = FindPickle();
        try
        {
            _top = RestrictedUnpickler.Load(file.Read(pickle.Offset, (int)pickle.Size)) as PickleDict ?? throw new FormatException("the pickle holds no dict at its top.");
        }
        catch (FormatException e)
        {
            throw new ModelFileException(file.Path, pickle.Name, e.Message, e);
        }

        Tensors = ReadModel();
        Architecture = ReadArchitecture();
        CheckTensors();
    }

    /// <summary>The file.</summary>
    public string Path => _file.Path;

    /// <summary>Its length in bytes.</summary>
    public long FileLength => _file.Length;

    /// <summary>The sizes of the network, from the checkpoint's configuration and agreeing with the tensors.</summary>
    public NetworkArchitecture Architecture { get; }

    /// <summary>The tensors of the network by name.</summary>
    public IReadOnlyDictionary<string, CheckpointTensor> Tensors { get; }

    /// <summary>What the file holds at its top: the network, and often an optimizer's state and the training's configuration.</summary>
    public IReadOnlyList<CheckpointPart> Parts => [.. _top.Pairs.Select(p => Describe(p.Key as string ?? "(a key that is no text)", p.Value))];

    /// <summary>Opens a checkpoint and checks that it holds a network of this architecture. No tensor is read yet.</summary>
    /// <exception cref="ModelFileException">The file is no such checkpoint; the message names what is wrong.</exception>
    public static Checkpoint Open(string path)
    {
        var file = new MappedFile(path);
        try
        {
            return new(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>A tensor by its name; the positional convolution is found in either spelling.</summary>
    /// <exception cref="ModelFileException">There is none.</exception>
    public CheckpointTensor Tensor(string name) => Find(name) ?? throw Bad("model", $"tensor {name} is missing.");

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    internal float[] Read(string name, PickleTensor tensor)
    {
        var (count, size, entry) = Locate(name, tensor);
        var values = new float[count];
        var start = entry.Offset + tensor.Offset * size;
        if (IsContiguous(tensor))
        {
            Convert(tensor.Storage.Type, start, values);
            return values;
        }

        var all = new float[tensor.Storage.Count - tensor.Offset];
        Convert(tensor.Storage.Type, start, all);
        var index = new long[tensor.Shape.Length];
        for (var i = 0; i < values.Length; i++)
        {
            long at = 0;
            for (var d = 0; d < index.Length; d++) at += index[d] * tensor.Strides[d];
            values[i] = all[at];
            for (var d = index.Length - 1; d >= 0 && ++index[d] == tensor.Shape[d]; d--) index[d] = 0;
        }

        return values;
    }

    /// <summary>Where a tensor's storage is, how many values the tensor has and how many bytes each, after checking that all of them are there.</summary>
    private (long Count, int Size, ZipDirectory.Entry Storage) Locate(string name, PickleTensor tensor)
    {
        var size = tensor.Storage.Type switch
        {
            "torch.FloatStorage" => 4,
            "torch.HalfStorage" or "torch.BFloat16Storage" => 2,
            "torch.DoubleStorage" => 8,
            var other => throw Bad(name, $"the tensor is of {other}; expected float32, float16, bfloat16 or float64."),
        };
        var count = CountAndCheck(name, tensor);
        var entryName = $"{_prefix}data/{tensor.Storage.Key}";
        if (!_zip.TryGet(entryName, out var entry)) throw Bad(name, $"entry {entryName} with its values is missing.");
        if (!entry.Stored) throw Bad(name, $"entry {entryName} is compressed; expected it stored.");
        if (entry.Size / size < tensor.Storage.Count)
            throw Bad(name, $"entry {entryName} has {entry.Size} bytes; expected {tensor.Storage.Count} values of {size} bytes.");
        return (count, size, entry);
    }

    private void Convert(string type, long start, float[] values)
    {
        switch (type)
        {
            case "torch.FloatStorage":
                _file.Read<float>(start, values);
                break;
            case "torch.HalfStorage":
                var halves = new Half[values.Length];
                _file.Read<Half>(start, halves);
                for (var i = 0; i < halves.Length; i++) values[i] = (float)halves[i];
                break;
            case "torch.BFloat16Storage":
                var words = new ushort[values.Length];
                _file.Read<ushort>(start, words);
                for (var i = 0; i < words.Length; i++) values[i] = BitConverter.UInt32BitsToSingle((uint)words[i] << 16);
                break;
            default:
                var doubles = new double[values.Length];
                _file.Read<double>(start, doubles);
                for (var i = 0; i < doubles.Length; i++) values[i] = (float)doubles[i];
                break;
        }
    }

    private (string Prefix, ZipDirectory.Entry Pickle) FindPickle()
    {
        ZipDirectory.Entry? found = null;
        foreach (var entry in _zip.Entries)
        {
            if (!entry.Name.EndsWith("/data.pkl", StringComparison.Ordinal)) continue;
            if (found is not null) throw Bad("", "the zip has more than one data.pkl.");
            found = entry;
        }

        if (found is not { } pickle) throw Bad("", "the zip has no data.pkl; expected a checkpoint as torch.save of PyTorch 1.6 or later writes it.");
        if (!pickle.Stored) throw Bad(pickle.Name, "the entry is compressed; expected it stored.");
        if (pickle.Size > RestrictedUnpickler.MaxBytes) throw Bad(pickle.Name, $"the pickle has {pickle.Size} bytes; at most {RestrictedUnpickler.MaxBytes} are read.");
        var prefix = pickle.Name[..^"data.pkl".Length];
        if (_zip.TryGet(prefix + "byteorder", out var order))
        {
            var text = System.Text.Encoding.ASCII.GetString(_file.Read(order.Offset, (int)Math.Min(order.Size, 16)));
            if (text != "little") throw Bad(order.Name, $"the byte order is '{text}'; expected 'little'.");
        }

        return (prefix, pickle);
    }

    private Dictionary<string, CheckpointTensor> ReadModel()
    {
        if (!_top.TryGet("model", out var value)) throw Bad("model", "the checkpoint has no such key; expected the network's tensors there.");
        if (value is not PickleDict model) throw Bad("model", $"it is {Kind(value)}; expected a dict of tensors.");
        var tensors = new Dictionary<string, CheckpointTensor>(StringComparer.Ordinal);
        foreach (var (key, item) in model.Pairs)
        {
            var name = key as string ?? throw Bad("model", "a key is no text.");
            if (item is not PickleTensor tensor) throw Bad("model", $"{name} is {Kind(item)}; expected a tensor.");
            tensors.Add(name, new(this, name, tensor));
        }

        return tensors;
    }

    private NetworkArchitecture ReadArchitecture()
    {
        if (!_top.TryGet("cfg", out var cfg) || cfg is not PickleDict configuration || !configuration.TryGet("model", out var value) || value is not PickleDict model)
            throw Bad("cfg.model", "it is missing; expected a dict with the sizes of the network.");
        if (Find("proj.weight") is not { } head)
            throw Bad("model", "tensor proj.weight is missing: this network has no head of labels (a pretrained one?); expected a fine-tuned ecg_transformer_classifier.");

        Demand("layer_norm_first", false);
        Demand("conv_bias", false);
        if (model.TryGet("extractor_mode", out var mode) && mode is not "default")
            throw Bad("cfg.model.extractor_mode", $"it is {Show(mode)}; expected \"default\".");

        ConvLayer[] convolutions;
        var text = model.TryGet("conv_feature_layers", out var layers) ? layers as string ?? throw Bad("cfg.model.conv_feature_layers", $"it is {Kind(layers)}; expected a text such as \"[(256, 2, 2)] * 4\".") : "[(256, 2, 2)] * 4";
        try
        {
            convolutions = ConvLayerParser.Parse(text);
        }
        catch (FormatException e)
        {
            throw Bad("cfg.model.conv_feature_layers", $"\"{(text.Length > 80 ? text[..80] + "…" : text)}\" cannot be read ({e.Message}); expected a text such as \"[(256, 2, 2)] * 4\".");
        }

        var architecture = new NetworkArchitecture
        {
            Leads = Size("in_d", 12, 64),
            Convolutions = [.. convolutions],
            Width = Size("encoder_embed_dim", 768),
            Layers = Size("encoder_layers", 12, 256),
            Heads = Size("encoder_attention_heads", 12),
            FeedForward = Size("encoder_ffn_embed_dim", 3072),
            PositionalKernel = Size("conv_pos", 128),
            PositionalGroups = Size("conv_pos_groups", 16),
            Labels = head.Shape.Length == 2 && head.Shape[0] is > 0 and <= 4096 ? (int)head.Shape[0] : throw Bad("proj.weight", $"its shape is {Show(head.Shape)}; expected [labels, width]."),
        };
        if (architecture.Width % architecture.Heads != 0)
            throw Bad("cfg.model.encoder_attention_heads", $"{architecture.Heads} heads do not divide a width of {architecture.Width}.");
        if (architecture.Width % architecture.PositionalGroups != 0)
            throw Bad("cfg.model.conv_pos_groups", $"{architecture.PositionalGroups} groups do not divide a width of {architecture.Width}.");
        if (architecture.Tokens < 1)
            throw Bad("cfg.model.conv_feature_layers", $"\"{text}\" leaves nothing of {NetworkArchitecture.SegmentLength} samples.");
        if ((long)architecture.Heads * architecture.Tokens * architecture.Tokens > MaxAttention)
            throw Bad("cfg.model.encoder_attention_heads", $"{architecture.Heads} heads over {architecture.Tokens} tokens are beyond what is run.");
        return architecture;

        int Size(string key, int standard, int most = 65536)
        {
            if (!model.TryGet(key, out var item)) return standard;
            return item is long n && n > 0 && n <= most ? (int)n : throw Bad("cfg.model." + key, $"it is {Show(item)}; expected an integer from 1 to {most}.");
        }

        void Demand(string key, bool expected)
        {
            if (model.TryGet(key, out var item) && !Equals(item, expected))
                throw Bad("cfg.model." + key, $"it is {Show(item)}; expected {(expected ? "True" : "False")}: other variants of the network are not known.");
        }
    }

    /// <summary>
    /// Checks that the file has what its sizes promise, before anything is made of these sizes: every tensor in its shape, every value in its storage, and
    /// no storage that stands for several large tensors, so that what a conversion writes and holds is bounded by the length of the file.
    /// </summary>
    private void CheckTensors()
    {
        long bytes = 0;
        foreach (var (name, expected) in Architecture.TensorShapes())
        {
            var tensor = Tensor(name);
            if (!tensor.Shape.AsSpan().SequenceEqual(Array.ConvertAll(expected, d => (long)d)))
                throw Bad(tensor.Name, $"its shape is {Show(tensor.Shape)}; expected [{string.Join(", ", expected)}] by cfg.model.");
            var (count, size, _) = Locate(tensor.Name, tensor.Source);
            bytes += count * size;
        }

        if (bytes > FileLength) throw Bad("model", $"its tensors are said to have {bytes} bytes altogether; the file has {FileLength}.");
    }

    private CheckpointTensor? Find(string name) =>
        Tensors.TryGetValue(name, out var tensor) || Tensors.TryGetValue(TensorNames.OldSpelling(name), out tensor) ? tensor : null;

    /// <summary>The number of values, after checking that all of them lie within the storage.</summary>
    private long CountAndCheck(string name, PickleTensor tensor)
    {
        long count = 1, last = tensor.Offset;
        var broken = tensor.Offset < 0 || tensor.Storage.Count < 0 || tensor.Shape.Length != tensor.Strides.Length;
        for (var d = 0; d < tensor.Shape.Length && !broken; d++)
        {
            long size = tensor.Shape[d], stride = tensor.Strides[d];
            broken = size < 1 || stride < 0 || size > int.MaxValue || stride > int.MaxValue || (count *= size) > int.MaxValue;
            last += (size - 1) * stride;
        }

        if (broken || count > tensor.Storage.Count || last < 0 || last >= tensor.Storage.Count || tensor.Storage.Count > int.MaxValue)
            throw Bad(name, $"its shape {Show(tensor.Shape)} with strides {Show(tensor.Strides)} and offset {tensor.Offset} does not fit a storage of {tensor.Storage.Count} values.");
        return count;
    }

    private static bool IsContiguous(PickleTensor tensor)
    {
        long stride = 1;
        for (var d = tensor.Shape.Length - 1; d >= 0; d--)
        {
            if (tensor.Shape[d] != 1 && tensor.Strides[d] != stride) return false;
            stride *= tensor.Shape[d];
        }

        return true;
    }

    private CheckpointPart Describe(string name, object? value)
    {
        var tensors = 0;
        long bytes = 0;
        var storages = new HashSet<string>(StringComparer.Ordinal);
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        Visit(value, 0);
        return new(name, Kind(value), tensors, bytes);

        void Visit(object? item, int depth)
        {
            if (depth > MaxDepth || item is null || (item is PickleDict or PickleTuple or System.Collections.IList && !seen.Add(item))) return;
            switch (item)
            {
                case PickleTensor tensor:
                    tensors++;
                    if (storages.Add(tensor.Storage.Key) && _zip.TryGet($"{_prefix}data/{tensor.Storage.Key}", out var entry)) bytes += entry.Size;
                    break;
                case PickleDict dict:
                    foreach (var pair in dict.Pairs) Visit(pair.Value, depth + 1);
                    break;
                case PickleTuple tuple:
                    foreach (var part in tuple.Items) Visit(part, depth + 1);
                    break;
                case List<object?> list:
                    foreach (var part in CollectionsMarshal.AsSpan(list)) Visit(part, depth + 1);
                    break;
            }
        }
    }

    private static string Kind(object? value) => value switch
    {
        null => "None",
        PickleDict => "a dict",
        PickleTuple => "a tuple",
        List<object?> => "a list",
        PickleTensor => "a tensor",
        PickleOpaque opaque => $"an object of the unknown kind {Printable(opaque.Maker)}",
        PickleGlobal global => $"the global {Printable(global.Name)}",
        string => "a text",
        byte[] => "bytes",
        bool => "a truth value",
        _ => "a number",
    };

    private static string Show(object? value) => value switch
    {
        string text => $"\"{Printable(text)}\"",
        bool flag => flag ? "True" : "False",
        long number => number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        double number => number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        IEnumerable<long> sizes => $"[{string.Join(", ", sizes)}]",
        _ => Kind(value),
    };

    /// <summary>Text of a foreign file, fit to stand in a message: no control characters, no endless names.</summary>
    private static string Printable(string text) =>
        string.Concat(text.Take(120).Select(c => char.IsControl(c) ? '?' : c)) + (text.Length > 120 ? "…" : "");

    private ModelFileException Bad(string key, string problem) => new(_file.Path, key, problem);
}
