namespace EcgFm.Core;

/// <summary>How soon somebody must respond, by the names of IEC 60601-1-8.</summary>
public enum AlertPriority
{
    /// <summary>A minor injury or discomfort may follow, in time.</summary>
    Low,

    /// <summary>A reversible injury may follow.</summary>
    Medium,

    /// <summary>Death or irreversible injury may follow if nobody responds at once.</summary>
    High,
}
