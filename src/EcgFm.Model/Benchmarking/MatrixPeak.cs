using System.Diagnostics;
using EcgFm.Model.Inference;
using EcgFm.Model.Onnx;
using Microsoft.ML.OnnxRuntime;
using DataType = EcgFm.Model.Onnx.Proto.TensorProto.Types.DataType;

namespace EcgFm.Model.Benchmarking;

/// <summary>The rate of matrix products alone, in the shape of the full-size network's largest and with constant weights: what no network on this runtime and machine can exceed.</summary>
internal sealed class MatrixPeak : IDisposable
{
    private const int Rows = 312, Inner = 768, Columns = 3072, Repeats = 5;
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly OrtIoBinding _binding;
    private readonly List<OrtValue> _values = [];

    public MatrixPeak(bool integers, InferenceOptions options)
    {
        var graph = new OnnxGraph("matrix-product");
        graph.Input("a", integers ? DataType.Uint8 : DataType.Float, Rows, Inner);
        graph.Output("c", DataType.Float, Rows, Columns);
        var random = new Random(1);
        if (integers)
        {
            var weight = graph.Tensor("b", DataType.Int8, [Inner, Columns], () => [.. Enumerable.Range(0, Inner * Columns).Select(_ => (byte)random.Next(-60, 60))]);
            var scales = graph.Floats("scales", [Columns], () => [.. Enumerable.Repeat(1f, Columns)]);
            var zero = graph.Tensor("zero", DataType.Uint8, [], () => [128]);
            _ = graph.AddTo("c", OnnxGraph.Microsoft + ".MatMulIntegerToFloat", ["a", weight, graph.Scalar("scale", 1), scales, zero]);
        }
        else _ = graph.AddTo("c", "MatMul", ["a", graph.Floats("b", [Inner, Columns], () => [.. Enumerable.Range(0, Inner * Columns).Select(_ => random.NextSingle() - 0.5f)])]);

        using var session = Providers.Options(options);
        _session = new(graph.ToArray(), session);
        _binding = _session.CreateIoBinding();
        _binding.BindInput("a", integers ? Value(Enumerable.Range(0, Rows * Inner).Select(_ => (byte)random.Next(100, 156)).ToArray(), Inner) : Value(new float[Rows * Inner], Inner));
        _binding.BindOutput("c", Value(new float[Rows * Columns], Columns));
        _session.RunWithBinding(_run, _binding);
    }

    /// <summary>The greatest rate so far, in 10⁹ operations per second.</summary>
    public double Best { get; private set; }

    public void Run()
    {
        for (var i = 0; i < Repeats; i++)
        {
            var start = Stopwatch.GetTimestamp();
            _session.RunWithBinding(_run, _binding);
            Best = Math.Max(Best, 2.0 * Rows * Inner * Columns / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9);
        }
    }

    public void Dispose()
    {
        _binding.Dispose();
        foreach (var value in _values) value.Dispose();
        _run.Dispose();
        _session.Dispose();
    }

    private OrtValue Value<T>(T[] buffer, int columns) where T : unmanaged
    {
        var value = OrtValue.CreateTensorValueFromMemory(buffer, [Rows, columns]);
        _values.Add(value);
        return value;
    }
}
