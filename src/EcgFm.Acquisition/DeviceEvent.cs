namespace EcgFm.Acquisition;

/// <summary>What happens to the connection with a device, for technical alerts, health and the log.</summary>
/// <param name="Time">When it happened, by the clock of the host.</param>
public abstract record DeviceEvent(DateTimeOffset Time)
{
    /// <summary>The first block after a (re)connection came.</summary>
    public sealed record Connected(DateTimeOffset Time) : DeviceEvent(Time);

    /// <summary>The device is gone, or could not be reached for another reason than before.</summary>
    /// <param name="Time">When.</param>
    /// <param name="Fault">What is wrong.</param>
    /// <param name="Message">For the user: which port, what happened, what to do.</param>
    public sealed record Lost(DateTimeOffset Time, DeviceFault Fault, string Message) : DeviceEvent(Time);

    /// <summary>The next attempt is planned.</summary>
    /// <param name="Time">When it was planned.</param>
    /// <param name="In">How long until the attempt.</param>
    public sealed record Retrying(DateTimeOffset Time, TimeSpan In) : DeviceEvent(Time);
}
