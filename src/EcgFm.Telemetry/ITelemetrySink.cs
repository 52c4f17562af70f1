using EcgFm.Core;

namespace EcgFm.Telemetry;

/// <summary>Where the flow's results go. Nothing here holds a stage up.</summary>
public interface ITelemetrySink
{
    /// <summary>What an event brings to the alerts of a bed: on return it is stored, and will arrive.</summary>
    void Publish(AlertUpdate update);

    /// <summary>What the network says of a window of the bed.</summary>
    void Publish(Interpretation interpretation, string bed);

    /// <summary>Heart rate and lead state of the bed.</summary>
    void Publish(Vitals vitals, string bed);

    /// <summary>A block of the bed's samples for live views, packed.</summary>
    void PublishWave(byte[] wave, string bed);

    /// <summary>The state of the last update of the bed, or of the box for null, before a restart too; null when there is none.</summary>
    byte[]? State(string? bed);

    /// <summary>The beds that there is state of; null stands for the box.</summary>
    IReadOnlyList<string?> BedsWithState { get; }
}
