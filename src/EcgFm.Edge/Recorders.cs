using System.Collections.Concurrent;
using System.Reactive;
using EcgFm.Acquisition.Recording;
using EcgFm.Edge.Configuration;
using Microsoft.Extensions.Logging;

namespace EcgFm.Edge;

/// <summary>The recorders of all beds: one folder with one limit.</summary>
internal sealed class Recorders(RecordingConfiguration? configuration, TimeProvider time)
{
    private const double Gigabyte = 1e9;

    private readonly RecordingFolder? _folder = configuration is null ? null : new RecordingFolder(
        configuration.Directory,
        configuration.MaxGigabytes is { } size ? (long)(size * Gigabyte) : null,
        configuration.MaxDays is { } days ? TimeSpan.FromDays(days) : null,
        time);

    private readonly List<(EcgRecorder Recorder, ILogger Log)> _all = [];
    private readonly ConcurrentDictionary<string, string> _faults = [];

    /// <summary>Why a bed is not recorded; null when each that should be is. Safe to read from any thread.</summary>
    public string? Fault => _faults.Values.FirstOrDefault();

    /// <summary>A recorder for a bed; null when nothing is recorded. Whoever runs the bed feeds it.</summary>
    /// <param name="bed">The bed.</param>
    /// <param name="inStep">Whether the source waits for the disk: a replay loses nothing, a device is not held up.</param>
    /// <param name="log">Hears when recording fails and when it goes on.</param>
    public EcgRecorder? Add(string bed, bool inStep, ILogger log)
    {
        if (_folder is null) return null;
        var recorder = new EcgRecorder(_folder, bed, inStep, time: time, events: Observer.Create<RecordingEvent>(change => Report(change, bed, log)));
        _all.Add((recorder, log));
        return recorder;
    }

    /// <summary>Completes all records.</summary>
    public async Task CompleteAsync()
    {
        foreach (var (recorder, log) in _all)
        {
            await recorder.DisposeAsync().ConfigureAwait(false);
            if (recorder.Dropped > 0) log.LogWarning("{Dropped} blocks and notes could not be recorded; they are gaps in the recording.", recorder.Dropped);
        }
    }

    private void Report(RecordingEvent change, string bed, ILogger log)
    {
        if (change is RecordingEvent.Failed failed)
        {
            _faults[bed] = failed.Message;
            log.LogError("{Fault}", failed.Message);
        }
        else
        {
            _faults.TryRemove(bed, out _);
            log.LogInformation("Recording goes on.");
        }
    }
}
