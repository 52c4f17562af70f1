using System.Runtime.ExceptionServices;
using EcgFm.Model.Checkpoints;
using EcgFm.Model.Packages;
using Microsoft.ML.OnnxRuntime;

namespace EcgFm.Model.Inference;

/// <summary>
/// A network in ONNX Runtime with buffers for a largest batch, bound once for each size that is run: a run allocates nothing on the managed heap. Not thread-safe.
/// </summary>
internal sealed class NetworkSession : IDisposable
{
    private static readonly string[] OutputNames = ["logits", "embedding", "saliency"];

    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly NetworkArchitecture _architecture;
    private readonly OrtIoBinding?[] _bindings;
    private readonly List<OrtValue> _values = [];

    public NetworkSession(string file, NetworkArchitecture architecture, int batch, Precision precision, InferenceOptions options, int? usual = null)
    {
        Batch = batch;
        try
        {
            (_session, Provider) = Providers.Open(file, precision, options, usual ?? batch, batch);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelFileException(file, "", $"ONNX Runtime cannot load the network ({e.Message})", e);
        }

        Input = new float[batch * architecture.Leads * NetworkArchitecture.SegmentLength];
        Logits = new float[batch * architecture.Labels];
        Embedding = new float[batch * architecture.Width];
        Saliency = new float[batch * architecture.Tokens];
        _architecture = architecture;
        _bindings = new OrtIoBinding?[batch + 1];
        foreach (var name in OutputNames)
            if (!_session.OutputMetadata.ContainsKey(name))
                throw new ModelFileException(file, name, "the network has no such output.");
    }

    /// <summary>Opens a package and its network. The network's checksum is worked out beside, and decides before anybody gets the session.</summary>
    /// <param name="directory">The package.</param>
    /// <param name="ofWindow">How many segments a window of the package has.</param>
    /// <param name="windows">The most windows of one run.</param>
    /// <param name="options">Threads, provider and memory.</param>
    /// <exception cref="ModelFileException">The package is broken, or ONNX Runtime cannot load its network.</exception>
    public static (ModelPackage Package, NetworkSession Session) Load(string directory, Func<ModelPackage, int> ofWindow, int windows, InferenceOptions options)
    {
        var package = ModelPackage.Open(directory, out var checkNetwork);
        // TensorRT names an engine by the network's shape, not by its weights: another network of the same shape would be given this one's.
        if (options.CacheDirectory is { } cache) options = options with { CacheDirectory = Path.Combine(cache, $"{package.Identity.Sha256[..16]}-{OrtLibrary.Version}") };
        NetworkSession? session = null;
        try
        {
            var usual = ofWindow(package);
            Parallel.Invoke(checkNetwork, () => session = new(package.NetworkFile, package.Architecture, usual * windows, package.Precision, options, usual));
            return (package, session!);
        }
        catch (AggregateException faults)
        {
            session?.Dispose();
            // A damaged file often cannot be loaded either; that it is damaged is what helps.
            ExceptionDispatchInfo.Throw(faults.InnerExceptions.FirstOrDefault(f => f is ModelFileException { Key: "sha256" }) ?? faults.InnerExceptions[0]);
            throw;
        }
    }

    /// <summary>The most segments of one run.</summary>
    public int Batch { get; }

    /// <summary>The provider that runs the network, such as "CPU".</summary>
    public string Provider { get; }

    /// <summary>[batch × leads × 2500]; written by the caller before a run.</summary>
    public float[] Input { get; }

    /// <summary>[batch × labels] of the last run.</summary>
    public float[] Logits { get; }

    /// <summary>[batch × width] of the last run.</summary>
    public float[] Embedding { get; }

    /// <summary>[batch × tokens] of the last run.</summary>
    public float[] Saliency { get; }

    /// <summary>Runs any number of segments, batch after batch; the last batch is filled up with zeros.</summary>
    public List<SegmentOutputs> Run(IReadOnlyList<float[]> segments)
    {
        var outputs = new List<SegmentOutputs>(segments.Count);
        for (var first = 0; first < segments.Count; first += Batch)
        {
            var size = Input.Length / Batch;
            Input.AsSpan().Clear();
            for (var i = 0; i < Batch && first + i < segments.Count; i++) segments[first + i].CopyTo(Input.AsSpan(i * size, size));
            Run();
            for (var i = 0; i < Batch && first + i < segments.Count; i++)
                outputs.Add(new(segments[first + i], Part(Logits, i), Part(Embedding, i), Part(Saliency, i)));
        }

        return outputs;

        float[] Part(float[] values, int index) => values.AsSpan(index * (values.Length / Batch), values.Length / Batch).ToArray();
    }

    /// <summary>Runs all segments.</summary>
    public void Run() => Run(Batch);

    /// <summary>Runs the first segments of the buffers; the first time that there are so many, buffers are bound.</summary>
    public void Run(int segments) => _session.RunWithBinding(_run, _bindings[segments] ??= Bind(segments));

    public void Dispose()
    {
        foreach (var binding in _bindings) binding?.Dispose();
        foreach (var value in _values) value.Dispose();
        _run.Dispose();
        _session.Dispose();
    }

    private OrtIoBinding Bind(int segments)
    {
        var binding = _session.CreateIoBinding();
        binding.BindInput("ecg", Value(Input, segments, _architecture.Leads, NetworkArchitecture.SegmentLength));
        binding.BindOutput(OutputNames[0], Value(Logits, segments, _architecture.Labels));
        binding.BindOutput(OutputNames[1], Value(Embedding, segments, _architecture.Width));
        binding.BindOutput(OutputNames[2], Value(Saliency, segments, _architecture.Tokens));
        return binding;
    }

    private OrtValue Value(float[] buffer, params long[] shape)
    {
        var length = (int)shape.Aggregate(1L, (product, size) => product * size);
        var value = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, buffer.AsMemory(0, length), shape);
        _values.Add(value);
        return value;
    }
}
