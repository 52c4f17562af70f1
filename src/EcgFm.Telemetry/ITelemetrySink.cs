using EcgFm.Core;

namespace EcgFm.Telemetry;

/// <summary>Where the flow's results go. Nothing here holds a stage up.</summary>
public interface ITelemetrySink
{
    /// <summary>A step of an alert: on return it is stored, and will arrive.</summary>
    void Publish(Alert alert);

    /// <summary>What the network says of a window of the bed.</summary>
    void Publish(Interpretation interpretation, string bed);

    /// <summary>Heart rate and lead state of the bed.</summary>
    void Publish(Vitals vitals, string bed);
}
