using EcgFm.Core;

namespace EcgFm.Telemetry;

/// <summary>Publishes nothing, for a replay without a broker.</summary>
public sealed class NoTelemetry : ITelemetrySink
{
    /// <inheritdoc/>
    public IReadOnlyList<string?> BedsWithState => [];

    /// <inheritdoc/>
    public void Publish(AlertUpdate update)
    {
    }

    /// <inheritdoc/>
    public void Publish(Interpretation interpretation, string bed)
    {
    }

    /// <inheritdoc/>
    public void Publish(Vitals vitals, string bed)
    {
    }

    /// <inheritdoc/>
    public void PublishWave(byte[] wave, string bed)
    {
    }

    /// <inheritdoc/>
    public byte[]? State(string? bed) => null;
}
