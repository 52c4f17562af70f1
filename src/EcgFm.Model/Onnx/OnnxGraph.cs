using System.Runtime.InteropServices;
using EcgFm.Model.Onnx.Proto;
using Google.Protobuf;
using DataType = EcgFm.Model.Onnx.Proto.TensorProto.Types.DataType;

namespace EcgFm.Model.Onnx;

/// <summary>
/// An ONNX graph in the making. The values of large tensors are asked for only while the file is written, one tensor at a time,
/// so that a network never has to be in memory as a whole.
/// </summary>
internal sealed class OnnxGraph
{
    /// <summary>The domain of ONNX Runtime's own operators.</summary>
    public const string Microsoft = "com.microsoft";

    private const int Opset = 17, IrVersion = 8;
    private readonly GraphProto _graph = new();
    private readonly List<Initializer> _initializers = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private bool _usesMicrosoft;
    private int _count;

    public OnnxGraph(string name) => _graph.Name = name;

    public void Input(string name, DataType type, params ReadOnlySpan<long> shape) => _graph.Input.Add(Value(name, type, shape));

    public void Output(string name, DataType type, params ReadOnlySpan<long> shape) => _graph.Output.Add(Value(name, type, shape));

    /// <summary>Adds a node with one output and returns that output's name.</summary>
    public string Add(string type, ReadOnlySpan<string> inputs, params ReadOnlySpan<AttributeProto> attributes) => AddTo($"{type}_{_count++}", type, inputs, attributes);

    /// <summary>Adds a node whose one output has the given name.</summary>
    public string AddTo(string output, string type, ReadOnlySpan<string> inputs, params ReadOnlySpan<AttributeProto> attributes)
    {
        _ = Add([output], type, inputs, attributes);
        return output;
    }

    /// <summary>Adds a node with several outputs.</summary>
    public string[] Add(string[] outputs, string type, ReadOnlySpan<string> inputs, params ReadOnlySpan<AttributeProto> attributes)
    {
        var domain = type.StartsWith(Microsoft + ".", StringComparison.Ordinal) ? Microsoft : "";
        _usesMicrosoft |= domain.Length > 0;
        var node = new NodeProto { OpType = domain.Length > 0 ? type[(domain.Length + 1)..] : type, Name = outputs[0] };
        if (domain.Length > 0) node.Domain = domain;
        foreach (var input in inputs) node.Input.Add(input);
        foreach (var output in outputs) node.Output.Add(output);
        foreach (var attribute in attributes) node.Attribute.Add(attribute);
        _graph.Node.Add(node);
        return outputs;
    }

    /// <summary>Adds a tensor whose bytes are made when the file is written. A name that is there already is the same tensor.</summary>
    public string Tensor(string name, DataType type, ReadOnlySpan<int> shape, Func<byte[]> values)
    {
        if (_names.Add(name)) _initializers.Add(new(name, type, shape.ToArray(), values));
        return name;
    }

    /// <summary>Adds a float32 tensor whose values are made when the file is written.</summary>
    public string Floats(string name, ReadOnlySpan<int> shape, Func<float[]> values) =>
        Tensor(name, DataType.Float, shape, () => MemoryMarshal.AsBytes(values().AsSpan()).ToArray());

    /// <summary>Adds a float32 scalar.</summary>
    public string Scalar(string name, float value) => Floats(name, [], () => [value]);

    /// <summary>Adds a float16 tensor whose values are made, as float32, when the file is written.</summary>
    public string Halves(string name, ReadOnlySpan<int> shape, Func<float[]> values) =>
        Tensor(name, DataType.Float16, shape, () => MemoryMarshal.AsBytes(Array.ConvertAll(values(), v => (Half)v).AsSpan()).ToArray());

    /// <summary>Adds a vector of 64-bit integers, such as a shape.</summary>
    public string Integers(params long[] values)
    {
        var copy = values;
        return Tensor("int64_" + string.Join('_', values), DataType.Int64, [values.Length], () => MemoryMarshal.AsBytes(copy.AsSpan()).ToArray());
    }

    public static AttributeProto Attribute(string name, long value) => new() { Name = name, I = value, Type = AttributeProto.Types.AttributeType.Int };

    public static AttributeProto Attribute(string name, float value) => new() { Name = name, F = value, Type = AttributeProto.Types.AttributeType.Float };

    public static AttributeProto Attribute(string name, params ReadOnlySpan<long> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        foreach (var value in values) attribute.Ints.Add(value);
        return attribute;
    }

    /// <summary>Writes the file. <paramref name="progress"/> hears the share of the tensors' bytes that is written.</summary>
    public void Save(string path, IProgress<double>? progress = null)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
        Save(file, progress);
    }

    /// <summary>The file in memory, for a graph without large tensors.</summary>
    public byte[] ToArray()
    {
        using var memory = new MemoryStream();
        Save(memory, null);
        return memory.ToArray();
    }

    private void Save(Stream file, IProgress<double>? progress)
    {
        using var output = new CodedOutputStream(file, 1 << 16, leaveOpen: true);
        var model = new ModelProto { IrVersion = IrVersion, ProducerName = "EcgFm.Edge", ProducerVersion = typeof(OnnxGraph).Assembly.GetName().Version?.ToString(3) ?? "" };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = Opset });
        if (_usesMicrosoft) model.OpsetImport.Add(new OperatorSetIdProto { Domain = Microsoft, Version = 1 });
        model.WriteTo(output);

        // The graph is one field of the model: its length comes first, so the lengths of all tensors are worked out before.
        var heads = _initializers.ConvertAll(Head);
        long length = _graph.CalculateSize(), total = 1, written = 0;
        for (var i = 0; i < heads.Count; i++)
        {
            var inner = Length(heads[i], _initializers[i]);
            length += CodedOutputStream.ComputeTagSize(GraphProto.InitializerFieldNumber) + LengthSize(inner) + inner;
            total += _initializers[i].Bytes;
        }

        output.WriteTag(ModelProto.GraphFieldNumber, WireFormat.WireType.LengthDelimited);
        output.WriteUInt64((ulong)length);
        _graph.WriteTo(output);
        for (var i = 0; i < heads.Count; i++)
        {
            var initializer = _initializers[i];
            output.WriteTag(GraphProto.InitializerFieldNumber, WireFormat.WireType.LengthDelimited);
            output.WriteUInt64((ulong)Length(heads[i], initializer));
            heads[i].WriteTo(output);
            var bytes = initializer.Values();
            if (bytes.Length != initializer.Bytes)
                throw new InvalidOperationException($"{initializer.Name} has {bytes.Length} bytes; its shape asks for {initializer.Bytes}.");
            output.WriteTag(TensorProto.RawDataFieldNumber, WireFormat.WireType.LengthDelimited);
            output.WriteUInt64((ulong)bytes.Length);
            output.Flush();
            file.Write(bytes);
            progress?.Report((double)(written += bytes.Length) / total);
        }

        output.Flush();
    }

    private static TensorProto Head(Initializer initializer)
    {
        var head = new TensorProto { Name = initializer.Name, DataType = (int)initializer.Type };
        foreach (var size in initializer.Shape) head.Dims.Add(size);
        return head;
    }

    private static long Length(TensorProto head, Initializer initializer) =>
        head.CalculateSize() + CodedOutputStream.ComputeTagSize(TensorProto.RawDataFieldNumber) + LengthSize(initializer.Bytes) + initializer.Bytes;

    private static int LengthSize(long length) => CodedOutputStream.ComputeUInt64Size((ulong)length);

    /// <summary>A dimension of −1 is the batch; no dimension at all: the shape is left open.</summary>
    private static ValueInfoProto Value(string name, DataType type, ReadOnlySpan<long> shape)
    {
        var dimensions = new TensorShapeProto();
        foreach (var size in shape)
            dimensions.Dim.Add(size < 0 ? new TensorShapeProto.Types.Dimension { DimParam = "batch" } : new TensorShapeProto.Types.Dimension { DimValue = size });
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)type };
        if (!shape.IsEmpty) tensor.Shape = dimensions;
        return new() { Name = name, Type = new() { TensorType = tensor } };
    }

    private sealed record Initializer(string Name, DataType Type, int[] Shape, Func<byte[]> Values)
    {
        public long Bytes => Shape.Aggregate(1L, (a, b) => a * b) * Type switch
        {
            DataType.Uint8 or DataType.Int8 or DataType.Bool => 1,
            DataType.Float16 => 2,
            DataType.Int64 or DataType.Double => 8,
            _ => 4,
        };
    }
}
