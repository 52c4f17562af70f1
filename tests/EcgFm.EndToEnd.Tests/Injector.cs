using EcgFm.Acquisition;
using EcgFm.Acquisition.Frames;
using EcgFm.Acquisition.Simulation;
using EcgFm.Acquisition.Wfdb;
using EcgFm.Core;
using EcgFm.Testing;

namespace EcgFm.EndToEnd.Tests;

/// <summary>A front end on a pseudo-terminal that sends a simulated patient, or a record, in the project's own frame.</summary>
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

    /// <summary>Sends a simulated patient until the script ends, the terminal is hung up, or it is told to stop.</summary>
    public static Task SendAsync(Pty pty, string script, CancellationToken stop, double speed = Speed) =>
        SendAsync(pty, Format, new SimulatorSource(RhythmScript.Parse(script), speed: PlaybackSpeed.Times(speed)), stop);

    /// <summary>Sends a record, its channels by the leads that their names stand for, at so many times real time.</summary>
    public static Task SendAsync(Pty pty, WfdbRecord record, double speed, CancellationToken stop)
    {
        var names = record.Channels.Names.Select(name => StandardLeads.TryParse(name, out var lead) ? StandardLeads.Name(lead) : name);
        var format = Format with
        {
            Channels = new ChannelLayout([.. names]),
            SampleRate = record.SampleRate,
            NanovoltsPerCount = [.. record.Signals.Select(signal => 1e6 / signal.Gain)],
            DeviceName = record.Name,
        };
        return SendAsync(pty, format, new WfdbSource(record, PlaybackSpeed.Times(speed)), stop);
    }

    private static async Task SendAsync(Pty pty, StreamFormat format, IEcgSource source, CancellationToken stop)
    {
        var writer = new FrameWriter(pty.Device, format);
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
