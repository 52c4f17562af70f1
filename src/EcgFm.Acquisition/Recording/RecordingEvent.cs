namespace EcgFm.Acquisition.Recording;

/// <summary>What happens to a recording, for technical alerts, health and the log. Monitoring goes on whatever it is.</summary>
/// <param name="Time">When.</param>
public abstract record RecordingEvent(DateTimeOffset Time)
{
    /// <summary>Nothing can be written: the disk is full, the folder is gone or may not be written. Told once, however often it is tried again.</summary>
    /// <param name="Time">When.</param>
    /// <param name="Message">For the user: which folder, what happened, what to do.</param>
    public sealed record Failed(DateTimeOffset Time, string Message) : RecordingEvent(Time);

    /// <summary>It is written again, into a new record.</summary>
    /// <param name="Time">When.</param>
    public sealed record Resumed(DateTimeOffset Time) : RecordingEvent(Time);
}
