namespace EcgFm.Acquisition;

/// <summary>The end of a device's stream, with a message for the user: which port, what happened, what to do.</summary>
public sealed class DeviceException : IOException
{
    /// <param name="fault">What is wrong.</param>
    /// <param name="message">Which port, what happened and what to do, in one or two sentences.</param>
    /// <param name="innerException">What the system said.</param>
    public DeviceException(DeviceFault fault, string message, Exception? innerException = null)
        : base(message, innerException) => Fault = fault;

    /// <summary>What is wrong.</summary>
    public DeviceFault Fault { get; }
}
