using EcgFm.Acquisition;
using EcgFm.Acquisition.Frames;
using EcgFm.Acquisition.Simulation;
using EcgFm.Core;

namespace EcgFm.EndToEnd.Tests;

/// <summary>A front end on a pseudo-terminal that sends a simulated patient in the project's own frame.</summary>
internal static class Injector
{
    /// <summary>How much faster than real time it sends: a daemon takes whatever the line carries.</summary>
    private const double Speed = 10;

    private static readonly StreamFormat Format = new()
    {
        Channels = StandardLeads.Layout,
        SampleRate = 500,
        NanovoltsPerCount = [.. Enumerable.Repeat(1000.0, StandardLeads.Count)],
        DeviceName = "injector",
    };

    /// <summary>Sends until the script ends, the terminal is hung up, or it is told to stop.</summary>
    public static async Task SendAsync(Pty pty, string script, CancellationToken stop)
    {
        var writer = new FrameWriter(pty.Device, Format);
        var source = new SimulatorSource(RhythmScript.Parse(script), speed: PlaybackSpeed.Times(Speed));
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var cancelled = stop.Register(() => end.TrySetResult());
        using var subscription = source.Blocks().Subscribe(
            block =>
            {
                try
                {
                    writer.WriteAsync(block, stop).AsTask().GetAwaiter().GetResult();
                }
                catch (Exception fault) when (fault is IOException or ObjectDisposedException or OperationCanceledException)
                {
                    end.TrySetResult();
                }
            },
            fault => end.TrySetException(fault),
            () => end.TrySetResult());
        await end.Task;
    }
}
