namespace EcgFm.Model.Inference;

/// <summary>How a network is run.</summary>
public sealed record InferenceOptions
{
    /// <summary>The provider that is wanted. One that cannot be had is replaced by the next in line, down to the processor, with one warning.</summary>
    public ExecutionProvider Provider { get; init; } = ExecutionProvider.Auto;

    /// <summary>Threads of one run on the processor; zero: one per core.</summary>
    public int Threads { get; init; }

    /// <summary>Whether threads wait busily for work within a run (never between two runs): faster by a few percent on a quiet machine, slower on a busy one.</summary>
    public bool Spinning { get; init; }

    /// <summary>How many windows one run may take: those of several beds that are due together. Buffers are made as they are needed.</summary>
    public int MostWindows { get; init; } = 8;

    /// <summary>
    /// Where TensorRT keeps the engines that it builds for this very GPU, and their timings, in a folder for each network and version of ONNX Runtime; null to build
    /// them at every start. A build takes minutes, and is announced by <see cref="Warning"/>.
    /// </summary>
    public string? CacheDirectory { get; init; }

    /// <summary>Whether TensorRT may compute an fp32 network in half precision. The package's self-test still has to pass.</summary>
    public bool HalfPrecision { get; init; }

    /// <summary>Whether the package's self-test runs at load.</summary>
    public bool SelfTest { get; init; } = true;

    /// <summary>Whether memory that a run needed is kept for the next one: faster, and right wherever a network runs more than a few times.</summary>
    internal bool KeepMemory { get; init; } = true;

    /// <summary>Hears the one warning, such as that a provider was replaced and why.</summary>
    public Action<string>? Warning { get; init; }
}
