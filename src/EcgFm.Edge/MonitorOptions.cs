using System.Reactive.Concurrency;
using EcgFm.Acquisition;
using EcgFm.Acquisition.Recording;
using EcgFm.Alerts;
using EcgFm.Core;
using EcgFm.Model.Inference;
using EcgFm.Signal.Rhythm;

namespace EcgFm.Edge;

/// <summary>What the monitor of one bed needs beside the network.</summary>
public sealed record MonitorOptions
{
    /// <summary>The bed's name in topics: a position, never a patient.</summary>
    public required string Bed { get; init; }

    /// <summary>Where its ECG comes from, or a sensor that counts the beats and gives none.</summary>
    public required ISource Source { get; init; }

    /// <summary>Whether the source ends one day (a record), or is to be followed through every fault (a device).</summary>
    public required bool Finite { get; init; }

    /// <summary>Where the newest window waits for the network that all beds share; null to interpret every window in step with the source, as a replay wants it.</summary>
    public InferenceQueue? Inference { get; init; }

    /// <summary>Keeps what the device sends; null to keep nothing.</summary>
    public EcgRecorder? Recorder { get; init; }

    /// <summary>Hears of what happens to the device.</summary>
    public IObserver<DeviceEvent>? DeviceEvents { get; init; }

    /// <summary>Hears of whatever else made the flow of a device begin again.</summary>
    public Action<Exception>? OnFault { get; init; }

    /// <summary>How long to wait before it begins again.</summary>
    public TimeSpan RestartPause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The clock of reconnections and restarts.</summary>
    public IScheduler Scheduler { get; init; } = DefaultScheduler.Instance;

    /// <summary>Whether heart rate and lead state are worked out every second; without them no alert rests on the beats or on the equipment.</summary>
    public bool WithVitals { get; init; } = true;

    /// <summary>Who judges the rhythm from the beats; null for the one that is shipped.</summary>
    public RhythmClassifier? Rhythm { get; init; }

    /// <summary>Whether samples are sent for live views.</summary>
    public bool WithWave { get; init; }

    /// <summary>Hears of windows that could not be interpreted; monitoring goes on.</summary>
    public Action<InferenceFault>? OnInferenceFault { get; init; }

    /// <summary>The time from the start of one window to the start of the next.</summary>
    public TimeSpan Hop { get; init; } = EcgWindow.Duration;

    /// <summary>How alerts are raised; bed, hop and what was there before a restart are filled in by the monitor.</summary>
    public AlertOptions Alerts { get; init; } = new();
}
