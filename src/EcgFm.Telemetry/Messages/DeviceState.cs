namespace EcgFm.Telemetry.Messages;

/// <summary>Whether a device can be relied on.</summary>
public enum DeviceState
{
    /// <summary>The daemon runs and is connected.</summary>
    Online,

    /// <summary>Somebody stopped the daemon.</summary>
    Stopped,

    /// <summary>The daemon went away without a word: the broker says so by the last will.</summary>
    Offline,
}
