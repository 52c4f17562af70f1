namespace EcgFm.Core;

/// <summary>A step in the life of an alert.</summary>
public enum AlertState
{
    /// <summary>The condition has begun.</summary>
    Onset,

    /// <summary>The condition goes on.</summary>
    Ongoing,

    /// <summary>Somebody has seen it: it is silent. The condition goes on.</summary>
    Acknowledged,

    /// <summary>The bed's alerts are silent for a while. The condition goes on.</summary>
    Paused,

    /// <summary>The condition has ended; the alert stays until somebody has acknowledged it.</summary>
    Latched,

    /// <summary>The alert is over.</summary>
    Cleared,
}
