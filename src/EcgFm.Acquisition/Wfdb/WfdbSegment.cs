namespace EcgFm.Acquisition.Wfdb;

/// <summary>One line of a multi-segment header.</summary>
/// <param name="RecordName">The name of the segment's own record; <c>~</c> for a gap.</param>
/// <param name="Length">Samples per signal; zero for the layout segment of a variable-layout record.</param>
public readonly record struct WfdbSegment(string RecordName, long Length)
{
    /// <summary>Whether the segment is a gap: time passes, nothing was recorded.</summary>
    public bool IsGap => RecordName == "~";
}
