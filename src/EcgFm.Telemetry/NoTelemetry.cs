using EcgFm.Core;

namespace EcgFm.Telemetry;

/// <summary>Publishes nothing, for a replay without a broker.</summary>
public sealed class NoTelemetry : ITelemetrySink
{
    /// <inheritdoc/>
    public void Publish(Alert alert)
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
}
