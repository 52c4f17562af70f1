namespace EcgFm.Core;

/// <summary>A step in the life of an alert.</summary>
public enum AlertState
{
    /// <summary>The condition has begun.</summary>
    Onset,

    /// <summary>The condition goes on.</summary>
    Ongoing,

    /// <summary>Somebody has seen it. The condition goes on.</summary>
    Acknowledged,

    /// <summary>The condition has ended.</summary>
    Cleared,
}
