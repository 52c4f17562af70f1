using System.Reactive.Concurrency;
using System.Reactive.Linq;
using EcgFm.Acquisition.Dialogues;
using EcgFm.Acquisition.Frames;
using EcgFm.Acquisition.Profiles;
using EcgFm.Acquisition.Transports;
using EcgFm.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EcgFm.Acquisition.Devices;

/// <summary>A device that sends frames over a line, or a recording of its bytes: the same path from bytes to blocks for both.</summary>
public sealed class EcgDevice : IEcgSource
{
    private const int ReadSize = 16384;

    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(1);

    private readonly IByteTransport _transport;
    private readonly DeviceProfile _profile;
    private readonly DeviceOptions _options;
    private readonly IScheduler _scheduler;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private volatile LeadOffDrive? _drive;
    private DeviceStatistics _statistics;

    /// <param name="transport">Where the bytes come from.</param>
    /// <param name="profile">What the bytes mean; null means the project's own frame.</param>
    /// <param name="options">How the line is watched; null means <see cref="DeviceOptions.Default"/>.</param>
    /// <param name="scheduler">The clock of arrivals and of the watch over the line; null means the host's.</param>
    /// <param name="log">Gets a line when a device is recognised, when it restarts, and for each outage.</param>
    public EcgDevice(
        IByteTransport transport,
        DeviceProfile? profile = null,
        DeviceOptions? options = null,
        IScheduler? scheduler = null,
        ILogger? log = null)
    {
        ArgumentNullException.ThrowIfNull(transport);
        _transport = transport;
        _profile = profile ?? DeviceProfile.EcgFm;
        _options = options ?? DeviceOptions.Default;
        _scheduler = scheduler ?? DefaultScheduler.Instance;
        _log = log ?? NullLogger.Instance;
    }

    /// <inheritdoc/>
    public string Name => _transport.Name;

    /// <summary>What was delivered and lost so far, over all connections.</summary>
    public DeviceStatistics Statistics
    {
        get
        {
            lock (_gate) return _statistics;
        }
    }

    /// <summary>The impedance of the electrodes of a channel of the profile as the lead-off test has found it last, in ohms; null without a test.</summary>
    public double? OhmsOf(int channel) => _drive?.Ohms[_profile.Channels[channel].Input];

    /// <inheritdoc/>
    /// <remarks>
    /// Blocks of at least 20 ms, as frames come. A live line ends in a <see cref="DeviceException"/> and never completes; a recording completes. The line is closed before
    /// the error is told; after disposing it is closed as soon as the pending read has ended.
    /// </remarks>
    public IObservable<EcgBlock> Blocks() => Observable.Create<EcgBlock>(ReadAsync);

    private async Task ReadAsync(IObserver<EcgBlock> observer, CancellationToken stop)
    {
        // Whoever subscribes goes on; opening and reading happen on the thread pool.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);

        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        DeviceFault? fault = null;
        FrameCounts counts = default;
        try
        {
            var line = await _transport.OpenAsync(end.Token).ConfigureAwait(false);
            // The host's clock may be set while samples come; the time that passes is another matter.
            var (opened, passed) = (_scheduler.Now, _scheduler.StartStopwatch());
            await using (line.ConfigureAwait(false))
            {
                var dialogue = _transport.IsLive ? _profile.CreateDialogue() : null;
                using var recording = _options.RecordRaw is { } prefix ? new RawRecording(prefix, _profile.Name, _log, _profile.TestsLeads) : null;
                var answers = new DialogueLine(Name, line, _scheduler, bytes => recording?.Received(bytes.Span, opened + passed.Elapsed));
                try
                {
                    var first = dialogue is null ? default : await dialogue.StartAsync(answers, end.Token).ConfigureAwait(false);
                    await SamplesAsync(line, first, recording, () => opened + passed.Elapsed).ConfigureAwait(false);
                }
                finally
                {
                    if (dialogue is not null) await QuietAsync(dialogue, answers).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Said below, or nobody listens any more.
        }
        catch (Exception e) when (e is not DeviceException)
        {
            _log.LogError("{Name}: reading the device ended in an unexpected error: {Error}", Name, e.Message);
            _log.LogDebug(e, "{Name}: where it came from.", Name);
            throw;
        }

        if (fault is { } found) throw new DeviceException(found, Message(found, counts));

        async Task SamplesAsync(Stream line, ReadOnlyMemory<byte> first, RawRecording? recording, Func<DateTimeOffset> now)
        {
            var recorded = line as ITimedLine;
            var decoder = _profile.CreateDecoder(Name, _log);
            var assembler = new BlockAssembler(Name, _profile, _transport.IsLive || recorded is not null, _options, _log, observer.OnNext);
            var drive = _drive = _profile.TestsLeads ? new LeadOffDrive(_profile, assembler) : null;
            var believed = drive ?? (IFrameSink)assembler;
            var confirmation = _profile.CounterMustBeConfirmed ? new CounterConfirmation(_profile.CounterBits, believed) : null;
            var sink = confirmation ?? believed;
            if (_profile.Format is { } format) sink.OnFormat(format);
            using var watch = _transport.IsLive ? new LineWatch(_scheduler, _options, Fail) : null;
            var earlier = Statistics;
            if (!first.IsEmpty) Take(first.Span, now());
            var bytes = new byte[ReadSize];
            try
            {
                while (true)
                {
                    var read = await line.ReadAsync(bytes, end.Token).ConfigureAwait(false);
                    if (read == 0 || end.IsCancellationRequested) break;
                    var arrival = recorded?.Arrival ?? now();
                    recording?.Received(bytes.AsSpan(0, read), arrival);
                    if (recorded is { Lost: > 0 and var lost }) decoder.Lost(lost);
                    Take(bytes.AsSpan(0, read), arrival);
                }
            }
            finally
            {
                if (!stop.IsCancellationRequested) assembler.End();
            }

            void Take(ReadOnlySpan<byte> arrived, DateTimeOffset arrival)
            {
                var frames = assembler.Frames;
                assembler.Arrived(arrived.Length, arrival, recorded is null ? _scheduler.Now : arrival);
                try
                {
                    decoder.Decode(arrived, sink);
                }
                finally
                {
                    assembler.Flush();
                    counts = decoder.Counts.Without(confirmation?.Rejected ?? 0);
                    lock (_gate) _statistics = earlier + assembler.Statistics(counts);
                }

                watch?.Bytes(assembler.Frames != frames);
            }
        }

        void Fail(DeviceFault what)
        {
            fault = what;
            try
            {
                end.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The line had just ended by itself.
            }
        }
    }

    /// <summary>A device that goes on sending when nobody listens drains its battery, and is in the middle of something at the next start.</summary>
    private async Task QuietAsync(IDeviceDialogue dialogue, DialogueLine line)
    {
        using var patience = new CancellationTokenSource();
        using var plan = _scheduler.Schedule(StopPatience, patience.Cancel);
        try
        {
            await dialogue.StopAsync(line, patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The line is gone: there is nobody to be told.
            _log.LogDebug("{Name}: the device could not be told to stop: {Error}", Name, e.Message);
        }
    }

    private string Message(DeviceFault fault, FrameCounts counts) => fault switch
    {
        DeviceFault.Stalled =>
            $"{Name}: the device has sent nothing for {_options.StallAfter.TotalSeconds:0.#} s. Check that it is switched on and measuring.",
        _ when counts.Foreign > counts.Good =>
            $"{Name}: the device speaks another version of the protocol than this program. Update the one that is older.",
        _ when counts.Unannounced > 0 =>
            $"{Name}: the device sends samples but does not say what they are (no info frame came). Check its firmware.",
        _ =>
            $"{Name}: bytes come, but no valid frame for {_options.UnintelligibleAfter.TotalSeconds:0.#} s. Check the baud rate, and that the right device is connected.",
    };
}
