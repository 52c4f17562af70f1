namespace EcgFm.Chaos;

/// <summary>How long alerts took, in milliseconds.</summary>
/// <param name="Latencies">From the last sample of the window on the line to the alert at the subscriber.</param>
/// <param name="Inferences">How long the network took for the same windows.</param>
internal sealed record LatencyReport(IReadOnlyList<double> Latencies, IReadOnlyList<double> Inferences)
{
    /// <summary>What may be added to the network's own time, in milliseconds.</summary>
    public const double Allowed = 50;

    /// <summary>Whether all but one of a hundred were there in the network's time and what is allowed.</summary>
    public bool Holds => Latencies.Count > 0 && Quantile(Beyond, 0.99) < Allowed;

    private IReadOnlyList<double> Beyond => [.. Latencies.Zip(Inferences, (latency, inference) => latency - inference)];

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"""
        {Latencies.Count} alert steps, from the last sample on the line to the subscriber: median {Quantile(Latencies, 0.5):0.0} ms, p99 {Quantile(Latencies, 0.99):0.0} ms, most {Quantile(Latencies, 1):0.0} ms
        the network took median {Quantile(Inferences, 0.5):0.0} ms, p99 {Quantile(Inferences, 0.99):0.0} ms; beyond it median {Quantile(Beyond, 0.5):0.0} ms, p99 {Quantile(Beyond, 0.99):0.0} ms
        {(Holds ? "holds" : "DOES NOT HOLD")}: p99 beyond the network under {Allowed} ms
        """);

    /// <summary>The smallest value that so large a part does not exceed.</summary>
    private static double Quantile(IReadOnlyList<double> values, double part) => values.Order().ElementAt(Math.Max(0, (int)Math.Ceiling(part * values.Count) - 1));
}
