using EcgFm.Model.Inference;

namespace EcgFm.Model.Benchmarking;

/// <summary>How to measure.</summary>
public sealed record BenchmarkOptions
{
    /// <summary>Windows of ten seconds in one run.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>How long to measure altogether.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How to run; threads wait busily within a run, as in most published figures, unless this says otherwise.</summary>
    public InferenceOptions Inference { get; init; } = new() { Spinning = true, SelfTest = false };
}
