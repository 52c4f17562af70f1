namespace EcgFm.Core;

/// <summary>What an alert is about.</summary>
public enum AlertKind
{
    /// <summary>The patient.</summary>
    Physiological,

    /// <summary>Leads, device, analysis or connection.</summary>
    Technical,
}
