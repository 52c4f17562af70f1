namespace EcgFm.Telemetry.Commands;

/// <summary>Whether one more is allowed.</summary>
internal enum RateVerdict
{
    /// <summary>It is.</summary>
    Allowed,

    /// <summary>It is not, and the sender hears of it.</summary>
    Refused,

    /// <summary>It is not, and the sender has heard of it a moment ago.</summary>
    Silent,
}
