using EcgFm.Core;
using EcgFm.Model.Checkpoints;
using EcgFm.Model.Inference;
using EcgFm.Model.Onnx;
using EcgFm.Model.Packages;
using EcgFm.Model.Quantization;

namespace EcgFm.Model.Conversion;

/// <summary>Makes model packages of a checkpoint.</summary>
public static class ModelConverter
{
    private const int SelfTestSegments = 2, ComparedSegments = 8;

    // The comparison is on segments that calibration has not seen, as far as there are that many.
    private const int FirstCompared = Quantizer.CalibrationSegments;

    /// <summary>Converts a checkpoint to one package for each precision, and compares each with the fp32 graph.</summary>
    /// <param name="checkpoint">The path of the checkpoint.</param>
    /// <param name="output">The folder to write; it is made when it is not there.</param>
    /// <param name="options">What to make.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="cancellation">Ends the conversion between two steps.</param>
    /// <returns>The packages in the order of <see cref="ConversionOptions.Precisions"/>.</returns>
    /// <exception cref="ModelFileException">The checkpoint or the labels are not as they must be, or a precision is not enough for this network.</exception>
    public static IReadOnlyList<ModelPackage> Convert(string checkpoint, string output, ConversionOptions? options = null, IProgress<ConversionProgress>? progress = null, CancellationToken cancellation = default)
    {
        options ??= new();
        using var source = Checkpoint.Open(checkpoint);
        var labels = options.Labels ?? LabelFile.EcgFm;
        if (labels.Labels.Length != source.Architecture.Labels)
            throw new ModelFileException(checkpoint, "proj.weight", $"the head has {source.Architecture.Labels} outputs, and {labels.Labels.Length} labels are given; name each output in a labels file.");

        var weights = new NetworkWeights(source);
        var segments = new SegmentSource(options, labels.Filter, source.Architecture.Leads);
        Report(progress, "Reading the checkpoint", 0);
        var provenance = new Provenance(Path.GetFileName(checkpoint), ModelPackage.Sha256(checkpoint), $"EcgFm.Edge {typeof(ModelConverter).Assembly.GetName().Version?.ToString(3)}");
        var work = Directory.CreateTempSubdirectory("ecgfm-convert-").FullName;
        try
        {
            var fp32 = Path.Combine(work, "fp32.onnx");
            new NetworkGraph(weights).Build().Save(fp32, Within(progress, "Writing fp32"));
            var expected = Run(fp32, source.Architecture, Precision.Fp32, segments, options, Within(progress, "Running fp32"), cancellation);
            var statistics = new Lazy<IReadOnlyDictionary<string, ActivationStatistics>>(() =>
                Quantizer.Calibrate(weights, Path.Combine(work, "calibration.onnx"), n => segments[n], options.Threads, Within(progress, "Calibrating"), cancellation));
            var packages = new List<ModelPackage>();
            foreach (var precision in options.Precisions)
            {
                cancellation.ThrowIfCancellationRequested();
                var folder = options.Precisions.Count == 1 ? output : Path.Combine(output, Precisions.Name(precision));
                Directory.CreateDirectory(folder);
                var network = Path.Combine(folder, PackageWriter.NetworkName);
                Write(precision, network, fp32, weights, statistics, progress, cancellation);
                var found = precision == Precision.Fp32 ? expected : Run(network, source.Architecture, precision, segments, options, Within(progress, $"Comparing {Precisions.Name(precision)}"), cancellation);
                var figures = Compare(found, expected, segments.Description);
                Demand(figures.Logits, precision, network);
                var package = new ModelPackage
                {
                    Directory = folder,
                    Identity = new(options.Name ?? Path.GetFileNameWithoutExtension(checkpoint), options.Version, Precisions.Name(precision), ModelPackage.Sha256(network)),
                    Precision = precision,
                    Architecture = source.Architecture,
                    NetworkFile = network,
                    Labels = labels.Labels,
                    Filter = labels.Filter,
                    Views = labels.Views,
                    Provenance = provenance,
                    Conversion = figures,
                    SelfTest = SelfTest(expected, precision, figures.Logits),
                };
                PackageWriter.Write(package);
                packages.Add(package);
            }

            return packages;
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    /// <summary>Writes the network of one precision. Calibration runs once, for the first precision that needs it.</summary>
    private static void Write(Precision precision, string network, string fp32, NetworkWeights weights, Lazy<IReadOnlyDictionary<string, ActivationStatistics>> statistics, IProgress<ConversionProgress>? progress, CancellationToken cancellation)
    {
        var writing = Within(progress, $"Writing {Precisions.Name(precision)}");
        switch (precision)
        {
            case Precision.Fp32:
                File.Copy(fp32, network, overwrite: true);
                break;
            case Precision.Fp16:
                new HalfGraph(weights).Build().Save(network, writing);
                break;
            default:
                var symmetric = precision == Precision.Int8Qdq;
                var quantized = Quantizer.Quantize(weights, statistics.Value, symmetric, Quantizer.SafeWeight, Within(progress, $"Quantising to {Precisions.Name(precision)}"), cancellation);
                NetworkGraph graph = symmetric ? new PairGraph(weights, quantized) : new IntegerGraph(weights, quantized);
                graph.Build().Save(network, writing);
                break;
        }
    }

    /// <summary>Runs a network over the first segments, two at a time as the monitor does.</summary>
    private static List<SegmentOutputs> Run(string file, NetworkArchitecture architecture, Precision precision, SegmentSource segments, ConversionOptions options, IProgress<double> progress, CancellationToken cancellation)
    {
        const int batch = EcgWindow.Length / NetworkArchitecture.SegmentLength;
        using var session = new NetworkSession(file, architecture, batch, precision, new() { Threads = options.Threads, Provider = ExecutionProvider.Cpu, Spinning = true, KeepMemory = false });
        var outputs = new List<SegmentOutputs>();
        for (var first = 0; first < ComparedSegments; first += batch)
        {
            cancellation.ThrowIfCancellationRequested();
            var inputs = Enumerable.Range(FirstCompared + first, batch).Select(n => segments[n]).ToArray();
            outputs.AddRange(session.Run(inputs));
            progress.Report((first + batch) / (double)ComparedSegments);
        }

        return outputs;
    }

    private static ConversionFigures Compare(List<SegmentOutputs> found, List<SegmentOutputs> expected, string source)
    {
        return new(found.Count, source, Figures(o => o.Logits), Figures(o => o.Embedding), Figures(o => o.Saliency));

        ErrorFigures Figures(Func<SegmentOutputs, float[]> part) =>
            ErrorFigures.Between(found.SelectMany(part).ToArray(), expected.SelectMany(part).ToArray());
    }

    /// <summary>A network whose logits are off by more than a verification allows becomes no package.</summary>
    private static void Demand(ErrorFigures logits, Precision precision, string network)
    {
        var limits = Precisions.LogitTolerance(precision);
        if (logits.Within(limits)) return;
        File.Delete(network);
        throw new ModelFileException(network, "logits", FormattableString.Invariant($"in {Precisions.Name(precision)} this network is off by {logits.Max:g3} at most and {logits.Rms:g3} rms against fp32, and {limits.Max:g3} and {limits.Rms:g3} are allowed: it was not kept. Calibrate with recordings of your own (--calibrate), or take another precision."));
    }

    /// <summary>
    /// The logits of the fp32 graph, with room for what this precision is known to cost and for what another processor's rounding adds.
    /// </summary>
    private static SelfTest SelfTest(List<SegmentOutputs> expected, Precision precision, ErrorFigures figures) => new(
        SelfTestSegments,
        [.. expected.Take(SelfTestSegments).SelectMany(o => o.Input)],
        [.. expected.Take(SelfTestSegments).SelectMany(o => o.Logits)],
        Math.Max(2 * Precisions.LogitTolerance(precision).Max, 3 * figures.Max));

    private static void Report(IProgress<ConversionProgress>? progress, string stage, double fraction) => progress?.Report(new(stage, fraction));

    private static StageProgress Within(IProgress<ConversionProgress>? progress, string stage) => new StageProgress(progress, stage);

    private sealed class StageProgress(IProgress<ConversionProgress>? progress, string stage) : IProgress<double>
    {
        public void Report(double value) => progress?.Report(new(stage, value));
    }
}
