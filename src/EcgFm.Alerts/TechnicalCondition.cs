namespace EcgFm.Alerts;

/// <summary>What can be wrong with the equipment: first of a bed, then of the whole box.</summary>
public enum TechnicalCondition
{
    /// <summary>An electrode is off.</summary>
    LeadsOff,

    /// <summary>No lead can be analysed, though leads are on and samples come.</summary>
    Noise,

    /// <summary>Samples are missing.</summary>
    DataLost,

    /// <summary>The device is gone.</summary>
    DeviceLost,

    /// <summary>The network lags behind the samples, or skips windows.</summary>
    AnalysisDelayed,

    /// <summary>Windows cannot be interpreted.</summary>
    AnalysisFailing,

    /// <summary>There is no network: it is missing, broken, gives wrong numbers on this box, or is still being loaded.</summary>
    NetworkUnusable,

    /// <summary>The broker cannot be reached.</summary>
    BrokerLost,

    /// <summary>Messages that the broker has not acknowledged take much of their room.</summary>
    OutboxFilling,

    /// <summary>A message was thrown away undelivered.</summary>
    AlertsDiscarded,

    /// <summary>Alerts, or the recording, cannot be stored on the disk.</summary>
    StorageFailing,

    /// <summary>The clock was set.</summary>
    ClockStepped,
}
