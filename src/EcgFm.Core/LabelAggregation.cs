namespace EcgFm.Core;

/// <summary>How the segments of a window give one probability.</summary>
public enum LabelAggregation
{
    /// <summary>The mean over the segments.</summary>
    Mean,

    /// <summary>The greatest of the segments.</summary>
    Max,
}
