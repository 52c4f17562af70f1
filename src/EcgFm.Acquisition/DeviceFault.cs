namespace EcgFm.Acquisition;

/// <summary>What is wrong with a device, as a user can tell it apart.</summary>
public enum DeviceFault
{
    /// <summary>There is no such port, host or file.</summary>
    NotFound,

    /// <summary>Another program has the port.</summary>
    Busy,

    /// <summary>The user may not open the port.</summary>
    PermissionDenied,

    /// <summary>The line was cut: unplugged, switched off, or closed by the other side.</summary>
    Disconnected,

    /// <summary>The line is open, but no bytes come.</summary>
    Stalled,

    /// <summary>Bytes come, but no valid frame: a wrong baud rate or a wrong device.</summary>
    Unintelligible,

    /// <summary>The device does not answer when it is told to start, or refuses: switched off, or a wrong device.</summary>
    Unresponsive,

    /// <summary>The device changed its rate, channels or scale in the middle: the stream must begin anew.</summary>
    Reconfigured,

    /// <summary>Anything else: the port gave an error that is none of the above.</summary>
    Failed,
}
