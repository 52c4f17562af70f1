namespace EcgFm.Telemetry.Outbox;

/// <summary>What goes first when the outbox is full, the least important first.</summary>
public enum MessagePriority
{
    /// <summary>The ten seconds behind an alert.</summary>
    Snippet,

    /// <summary>A step of an alert of low priority.</summary>
    Low,

    /// <summary>A step of an alert of medium priority.</summary>
    Medium,

    /// <summary>A step of an alert of high priority.</summary>
    High,
}
