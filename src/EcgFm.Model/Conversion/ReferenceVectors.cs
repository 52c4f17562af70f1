using System.Runtime.InteropServices;
using EcgFm.Model.Checkpoints;
using EcgFm.Model.Packages;

namespace EcgFm.Model.Conversion;

/// <summary>Inputs and the outputs that a right network gives for them.</summary>
/// <param name="Inputs">Segments, each [leads × 2500].</param>
/// <param name="Logits">[segments × labels].</param>
/// <param name="Embedding">[segments × width], where the folder has it.</param>
/// <param name="Saliency">[segments × tokens]: the last layer, the maximum over the keys, where the folder has it.</param>
internal sealed record ReferenceVectors(IReadOnlyList<float[]> Inputs, float[] Logits, float[]? Embedding, float[]? Saliency)
{
    public static ReferenceVectors Load(string folder, NetworkArchitecture sizes)
    {
        var tensors = List(folder);
        var input = Read("input", sizes.Leads, NetworkArchitecture.SegmentLength) ?? throw new ModelFileException(folder, "input", "the reference has no such tensor.");
        var size = sizes.Leads * NetworkArchitecture.SegmentLength;
        var inputs = Enumerable.Range(0, input.Length / size).Select(i => input.AsSpan(i * size, size).ToArray()).ToArray();
        var logits = Read("logits_f64", sizes.Labels) ?? Read("logits", sizes.Labels) ?? throw new ModelFileException(folder, "logits", "the reference has no such tensor.");
        var attention = Read("saliency", sizes.Layers, sizes.Tokens, sizes.Tokens);
        return new(inputs, logits, Read("embedding", sizes.Width), attention is null ? null : LargestOverKeys(attention, sizes));

        float[]? Read(string name, params int[] shape)
        {
            if (!tensors.TryGetValue(name, out var tensor)) return null;
            if (tensor.Shape.Length != shape.Length + 1 || !tensor.Shape.AsSpan(1).SequenceEqual(shape) || tensor.Shape[0] < 1)
                throw new ModelFileException(folder, name, $"its shape is [{string.Join(", ", tensor.Shape)}]; the package has [segments, {string.Join(", ", shape)}].");
            return ReadFile(tensor);
        }
    }

    private static Dictionary<string, (string File, int[] Shape, bool Doubles)> List(string folder)
    {
        var tensors = new Dictionary<string, (string, int[], bool)>(StringComparer.Ordinal);
        var shapes = Path.Combine(folder, "shapes.json");
        if (File.Exists(shapes))
        {
            var json = JsonReader.Open(shapes);
            foreach (var name in new[] { "input", "logits", "embedding", "saliency" })
                if (json.TryGet(name) is { } shape)
                    tensors[name] = (Path.Combine(folder, name + ".bin"), Shape(shape), false);
            return tensors;
        }

        if (!Directory.Exists(folder)) throw new ModelFileException(folder, "", "there is no such folder; expected reference vectors.");
        foreach (var file in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            var json = JsonReader.Open(file);
            if (json.IsArray || json.TryGet("tensors") is not { } list) continue;
            foreach (var tensor in list.Items)
                tensors[tensor["name"].Text()] = (Path.Combine(folder, Path.GetFileName(tensor["file"].Text())), Shape(tensor["shape"]),
                    tensor["dtype"].OneOf(("float32-le", false), ("float64-le", true)));
            return tensors;
        }

        throw new ModelFileException(folder, "shapes.json", "it is missing; expected it, or a JSON file with a list \"tensors\".");

        static int[] Shape(JsonReader shape) => [.. shape.Items.Select(s => s.Integer(1, 1 << 24))];
    }

    private static float[] ReadFile((string File, int[] Shape, bool Doubles) tensor)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(tensor.File);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelFileException(tensor.File, "", $"the file cannot be read ({e.Message})", e);
        }

        var count = tensor.Shape.Aggregate(1L, (a, b) => a * b);
        if (bytes.Length != count * (tensor.Doubles ? 8 : 4))
            throw new ModelFileException(tensor.File, "", $"the file has {bytes.Length} bytes; its shape [{string.Join(", ", tensor.Shape)}] asks for {count * (tensor.Doubles ? 8 : 4)}.");
        return tensor.Doubles
            ? Array.ConvertAll(MemoryMarshal.Cast<byte, double>(bytes).ToArray(), d => (float)d)
            : MemoryMarshal.Cast<byte, float>(bytes).ToArray();
    }

    private static float[] LargestOverKeys(float[] attention, NetworkArchitecture sizes)
    {
        var tokens = sizes.Tokens;
        var segments = attention.Length / (sizes.Layers * tokens * tokens);
        var result = new float[segments * tokens];
        for (var s = 0; s < segments; s++)
            for (var query = 0; query < tokens; query++)
                result[s * tokens + query] = System.Numerics.Tensors.TensorPrimitives.Max<float>(attention.AsSpan((((s + 1) * sizes.Layers - 1) * tokens + query) * tokens, tokens));
        return result;
    }
}
