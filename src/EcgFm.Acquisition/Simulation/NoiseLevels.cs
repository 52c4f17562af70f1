namespace EcgFm.Acquisition.Simulation;

/// <summary>Disturbances as they reach each electrode, in millivolts.</summary>
public sealed record NoiseLevels
{
    /// <summary>No disturbance at all.</summary>
    public static NoiseLevels None { get; } = new();

    /// <summary>A quiet patient with good electrodes.</summary>
    public static NoiseLevels Quiet { get; } = new() { White = 0.003, Muscle = 0.006, Wander = 0.03, Mains = 0.002 };

    /// <summary>A moving patient: muscle noise, wander and an artefact now and then.</summary>
    public static NoiseLevels Moving { get; } = new() { White = 0.005, Muscle = 0.03, Wander = 0.12, Mains = 0.005, MotionPerMinute = 6 };

    /// <summary>The amplifier's own noise: root mean square.</summary>
    public double White { get; init; }

    /// <summary>Muscle noise, above 20 Hz and swelling slowly: root mean square.</summary>
    public double Muscle { get; init; }

    /// <summary>Baseline wander by breathing and skin potentials, below 0.5 Hz: root mean square.</summary>
    public double Wander { get; init; }

    /// <summary>Mains hum: amplitude.</summary>
    public double Mains { get; init; }

    /// <summary>Hertz of the mains.</summary>
    public double MainsFrequency { get; init; } = 50;

    /// <summary>Motion artefacts a minute: an electrode's potential jumps by about a millivolt and creeps back.</summary>
    public double MotionPerMinute { get; init; }
}
