using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.InteropServices;
using EcgFm.Core;
using EcgFm.Model.Checkpoints;
using EcgFm.Model.Packages;
using EcgFm.Signal;
using Microsoft.ML.OnnxRuntime;

namespace EcgFm.Model.Inference;

/// <summary>
/// A model package ready to interpret windows: each window is prepared as the package says and cut into its segments; several windows are run as one batch.
/// Apart from the interpretation itself nothing is allocated. Safe to be called by several threads, which wait for each other.
/// </summary>
public sealed class EcgModel : IInterpreter, IDisposable
{
    private const int Segments = EcgWindow.Length / NetworkArchitecture.SegmentLength;
    private const string SelfTestKey = "selfTest";

    /// <summary>Where a window's segments begin: side by side; and one across their seam for a window that is shown once only to a network that could be shown parts.</summary>
    private static readonly int[] Starts = [0, NetworkArchitecture.SegmentLength, NetworkArchitecture.SegmentLength / 2];

    private readonly NetworkSession _session;
    private bool _disposed;
    private readonly WindowPreparation _preparation;
    private readonly float[] _prepared = new float[StandardLeads.Count * EcgWindow.Length];
    private readonly (int First, int Views, int Segments)[] _places;
    private readonly Lock _lock = new();

    private EcgModel(ModelPackage package, NetworkSession session, TimeSpan loadTime)
    {
        Package = package;
        _session = session;
        _preparation = new(package.Filter);
        _places = new (int, int, int)[session.Batch / (Segments * LeadParts.Most(package.Views))];
        LoadTime = loadTime;
    }

    /// <summary>The package.</summary>
    public ModelPackage Package { get; }

    /// <summary>Which network it is.</summary>
    public ModelIdentity Identity => Package.Identity;

    /// <summary>The labels in the order of the probabilities.</summary>
    public ImmutableArray<Label> Labels => Package.Labels;

    /// <summary>The provider that runs the network: "CPU", "CUDA", "TensorRT" or "WebGPU".</summary>
    public string Provider => _session.Provider;

    /// <summary>How long loading took, with warm-up and self-test.</summary>
    public TimeSpan LoadTime { get; }

    /// <summary>Loads a package, warms it up and runs its self-test on this very device.</summary>
    /// <param name="directory">The folder of the package.</param>
    /// <param name="options">How to run it; the defaults when null.</param>
    /// <exception cref="ModelFileException">The package is broken, or its network gives wrong numbers here.</exception>
    public static EcgModel Load(string directory, InferenceOptions? options = null)
    {
        var start = Stopwatch.GetTimestamp();
        options ??= new();
        var (package, session) = NetworkSession.Load(directory, package => Segments * LeadParts.Most(package.Views), options.MostWindows, options);
        try
        {
            if (package.Architecture.Leads != StandardLeads.Count)
                throw new ModelFileException(Path.Combine(directory, ModelPackage.ManifestName), "architecture.leads", $"the network takes {package.Architecture.Leads} leads; expected {StandardLeads.Count}.");
            if (options.SelfTest) RunSelfTest(package, session);
            else session.Run(Segments);
            return new(package, session, Stopwatch.GetElapsedTime(start));
        }
        catch (Exception fault) when (session.Provider != Providers.Processor && fault is OnnxRuntimeException or ModelFileException { Key: SelfTestKey })
        {
            // A provider can be opened and still not run: a full GPU, one of a generation that the library is not built for, a part of it missing.
            options.Warning?.Invoke($"The network runs on {Providers.Processor}: {session.Provider} cannot run it ({fault.Message.ReplaceLineEndings(" ")}).");
            session.Dispose();
            return Load(directory, options with { Provider = ExecutionProvider.Cpu });
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="OnnxRuntimeException">The run failed.</exception>
    public Interpretation Interpret(AssessedWindow window)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var start = Stopwatch.GetTimestamp();
            _session.Run(Prepare(window, 0, 0));
            return Result(window, 0, Stopwatch.GetElapsedTime(start));
        }
    }

    /// <inheritdoc/>
    /// <exception cref="OnnxRuntimeException">The run failed.</exception>
    public IReadOnlyList<Interpretation> Interpret(IReadOnlyList<AssessedWindow> windows)
    {
        var most = _places.Length;
        var results = new List<Interpretation>(windows.Count);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            for (var first = 0; first < windows.Count; first += most)
            {
                var start = Stopwatch.GetTimestamp();
                var count = Math.Min(most, windows.Count - first);
                var segments = 0;
                for (var i = 0; i < count; i++) segments = Prepare(windows[first + i], i, segments);
                _session.Run(segments);
                var elapsed = Stopwatch.GetElapsedTime(start);
                for (var i = 0; i < count; i++) results.Add(Result(windows[first + i], i, elapsed));
            }
        }

        return results;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _session.Dispose();
        }
    }

    /// <summary>Writes one window, view by view, into the batch from a segment on, and gives the first segment after it.</summary>
    private int Prepare(AssessedWindow window, int place, int first)
    {
        const int length = NetworkArchitecture.SegmentLength;
        Span<LeadSet> views = stackalloc LeadSet[LeadParts.Most(Package.Views)];
        var count = LeadParts.Of(window, Package.Views, views);
        var segments = count == 1 && Package.Views != LeadViews.Whole ? Starts.Length : Segments;
        _places[place] = (first, count, segments);
        _preparation.Prepare(window.Window, _prepared);
        foreach (var view in views[..count])
            for (var segment = 0; segment < segments; segment++, first++)
                for (var lead = Lead.I; lead <= Lead.V6; lead++)
                {
                    var target = _session.Input.AsSpan((first * StandardLeads.Count + (int)lead) * length, length);
                    if (view.Contains(lead)) _prepared.AsSpan((int)lead * EcgWindow.Length + Starts[segment], length).CopyTo(target);
                    else target.Clear();
                }

        return first;
    }

    private Interpretation Result(AssessedWindow window, int place, TimeSpan elapsed) => new()
    {
        Input = window,
        Labels = Labels,
        Probabilities = Aggregate(place),
        Saliency = ImmutableArray.Create(_session.Saliency, _places[place].First * Package.Architecture.Tokens, Segments * Package.Architecture.Tokens),
        Model = Identity,
        InferenceTime = elapsed,
    };

    private static void RunSelfTest(ModelPackage package, NetworkSession session)
    {
        var test = package.SelfTest;
        int input = package.Architecture.Leads * NetworkArchitecture.SegmentLength, labels = package.Architecture.Labels;
        for (var first = 0; first < test.Segments; first += session.Batch)
        {
            var count = Math.Min(session.Batch, test.Segments - first);
            test.Input.AsSpan(first * input, count * input).CopyTo(session.Input);
            session.Run(count);
            var error = ErrorFigures.Between(session.Logits.AsSpan(0, count * labels), test.Logits.AsSpan(first * labels, count * labels));
            if (error.Max > test.Tolerance)
                throw new ModelFileException(package.NetworkFile, SelfTestKey, FormattableString.Invariant($"the network gives wrong numbers on this device ({session.Provider}): a logit is off by {error.Max:g3}; at most {test.Tolerance:g3} is right. Another precision may work here."));
        }
    }

    private ImmutableArray<float> Aggregate(int place)
    {
        var (first, views, segments) = _places[place];
        var probabilities = new float[Labels.Length];
        for (var label = 0; label < probabilities.Length; label++)
        {
            float sum = 0, max = 0;
            for (var segment = 0; segment < segments; segment++)
            {
                var logit = 0f;
                for (var view = 0; view < views; view++) logit += _session.Logits[(first + view * segments + segment) * probabilities.Length + label] / views;
                if (!float.IsFinite(logit)) throw new InvalidDataException($"The network gave no number for {Labels[label].Name}.");
                var probability = 1 / (1 + MathF.Exp(-logit));
                sum += probability;
                max = Math.Max(max, probability);
            }

            probabilities[label] = Labels[label].Aggregation == LabelAggregation.Max ? max : sum / segments;
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(probabilities);
    }
}
