namespace EcgFm.Acquisition.Transports;

/// <summary>A line that knows when its bytes arrived: a recording of a live one.</summary>
public interface ITimedLine
{
    /// <summary>When the bytes of the last read arrived.</summary>
    DateTimeOffset Arrival { get; }

    /// <summary>About how many bytes of the recording were damaged, and are missing before those of the last read.</summary>
    int Lost { get; }
}
