using EcgFm.Core;
using EcgFm.Model.Checkpoints;
using EcgFm.Model.Inference;
using EcgFm.Model.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace EcgFm.Model.Quantization;

/// <summary>
/// Brings a network to 8 bits: weights to the nearest step of one scale per output, activations to static scales that just hold what calibration saw, and each
/// bias corrected by what rounding the weights does to the mean of the input, b += (W − Wq)ᵀ·E[x] (Nagel et al. 2019, "Data-free quantization through weight
/// equalization and bias correction", section 4.2). Rounding errors of activations differ from token to token and vanish in the mean over the tokens;
/// those of weights do not, and the correction takes most of them away.
/// </summary>
internal static class Quantizer
{
    /// <summary>Segments that calibration looks at.</summary>
    public const int CalibrationSegments = 32;

    /// <summary>
    /// The greatest weight for processors. Those with AVX2 and no VNNI multiply with VPMADDUBSW, which adds two products in 16 bits and cuts them off: with
    /// weights up to 127 that doubled the error of the full-size network's logits (0.041 rms instead of 0.018), up to 104 it adds nothing that can be told
    /// (0.021 instead of 0.020), and the coarser step costs next to nothing everywhere else.
    /// </summary>
    public const int SafeWeight = 104;

    /// <summary>Runs the fp32 network over segments and notes the statistics of its activations.</summary>
    /// <param name="weights">The network.</param>
    /// <param name="workFile">Where the graph may be written; it is deleted again.</param>
    /// <param name="segment">Segment n, [leads × 2500].</param>
    /// <param name="threads">Threads; zero: one per core.</param>
    /// <param name="progress">Hears the share that is done.</param>
    /// <param name="cancellation">Ends the work between two runs.</param>
    public static IReadOnlyDictionary<string, ActivationStatistics> Calibrate(NetworkWeights weights, string workFile, Func<int, float[]> segment, int threads, IProgress<double> progress, CancellationToken cancellation)
    {
        const int batch = EcgWindow.Length / NetworkArchitecture.SegmentLength;
        var graph = new CalibrationGraph(weights);
        graph.Build().Save(workFile);
        using var options = Providers.Options(new() { Threads = threads, Spinning = true, KeepMemory = false });
        using var session = new InferenceSession(workFile, options);
        File.Delete(workFile);
        var statistics = graph.Watched.ToDictionary(w => w.Key, w => new ActivationStatistics(w.Value));
        var names = graph.Watched.Keys.SelectMany(n => new[] { n + ".mean", n + ".least", n + ".most" }).ToArray();
        var size = weights.Architecture.Leads * NetworkArchitecture.SegmentLength;
        var input = new float[batch * size];
        using var value = OrtValue.CreateTensorValueFromMemory(input, [batch, weights.Architecture.Leads, NetworkArchitecture.SegmentLength]);
        using var run = new RunOptions();
        for (var first = 0; first < CalibrationSegments; first += batch)
        {
            cancellation.ThrowIfCancellationRequested();
            for (var i = 0; i < batch; i++) segment(first + i).CopyTo(input, i * size);
            using var outputs = session.Run(run, ["ecg"], [value], names);
            for (var i = 0; i < names.Length; i += 3)
                statistics[names[i][..^".mean".Length]].Add(outputs[i].GetTensorDataAsSpan<float>(), outputs[i + 1].GetTensorDataAsSpan<float>()[0], outputs[i + 2].GetTensorDataAsSpan<float>()[0]);
            progress.Report((first + batch) / (double)CalibrationSegments);
        }

        return statistics;
    }

    /// <summary>Quantises every linear layer of the transformer and the positional convolution.</summary>
    /// <param name="weights">The network.</param>
    /// <param name="statistics">What calibration saw.</param>
    /// <param name="symmetric">Whether zero is always written as zero, as TensorRT wants it.</param>
    /// <param name="most">The greatest integer that a weight is written as.</param>
    /// <param name="progress">Hears the share that is done.</param>
    /// <param name="cancellation">Ends the work between two layers.</param>
    public static QuantizedNetwork Quantize(NetworkWeights weights, IReadOnlyDictionary<string, ActivationStatistics> statistics, bool symmetric, int most, IProgress<double> progress, CancellationToken cancellation)
    {
        var sizes = weights.Architecture;
        var linears = new Dictionary<string, QuantizedLinear>(StringComparer.Ordinal);
        for (var i = 0; i < sizes.Layers; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var (qkv, output, up, down) = LayerLinears.Of(sizes, i);
            foreach (var layer in new[] { qkv, output, up, down }) linears.Add(layer.Name, Linear(weights, layer, statistics[layer.Name], symmetric, most));
            progress.Report((i + 1.0) / sizes.Layers);
        }

        return new(linears, Positional(weights, statistics, symmetric, most));
    }

    private static QuantizedLinear Linear(NetworkWeights weights, LinearLayer layer, ActivationStatistics input, bool symmetric, int most)
    {
        var matrix = weights.LinearMatrix(layer);
        var quantized = QuantizedWeights.Nearest(matrix, layer.Outputs, 1, most);
        var bias = Array.ConvertAll(weights.LinearBias(layer), b => (double)b);
        var mean = input.Mean;
        for (var i = 0; i < layer.Inputs; i++)
            for (var o = 0; o < layer.Outputs; o++)
                bias[o] += (matrix[i * layer.Outputs + o] - quantized.Values[i * layer.Outputs + o] * quantized.Scales[o]) * mean[i];
        return new(QuantizedRange.Of([input.Least, input.Most], symmetric), quantized, Array.ConvertAll(bias, b => (float)b));
    }

    private static QuantizedConvolution Positional(NetworkWeights weights, IReadOnlyDictionary<string, ActivationStatistics> statistics, bool symmetric, int most)
    {
        var sizes = weights.Architecture;
        int taps = sizes.PositionalKernel, channels = sizes.Width / sizes.PositionalGroups, tokens = sizes.Tokens;
        ActivationStatistics input = statistics[CalibrationGraph.PositionalInput], output = statistics[CalibrationGraph.PositionalOutput];
        var weight = weights.PositionalWeight();
        var quantized = QuantizedWeights.Nearest(weight, sizes.Width, channels * taps, most);
        var bias = Array.ConvertAll(weights.Tensor(TensorNames.Positional + "bias"), b => (double)b);
        var mean = input.Mean;
        for (var o = 0; o < sizes.Width; o++)
            for (var i = 0; i < channels; i++)
                for (var k = 0; k < taps; k++)
                {
                    var at = (o * channels + i) * taps + k;
                    var inside = Math.Max(0, tokens - Math.Abs(k - taps / 2)) / (double)tokens; // the padding counts as zero
                    bias[o] += (weight[at] - quantized.Values[at] * quantized.Scales[o]) * mean[o / channels * channels + i] * inside;
                }

        return new(QuantizedRange.Of([input.Least, input.Most], symmetric), QuantizedRange.Of([output.Least, output.Most], symmetric), quantized, Array.ConvertAll(bias, b => (float)b));
    }
}
