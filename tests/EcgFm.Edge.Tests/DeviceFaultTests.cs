using System.Reactive;
using EcgFm.Acquisition;
using EcgFm.Acquisition.Devices;
using EcgFm.Acquisition.Transports;
using EcgFm.Core;
using EcgFm.Model.Inference;
using EcgFm.Telemetry;
using EcgFm.Testing;

namespace EcgFm.Edge.Tests;

/// <summary>What goes wrong at a board, as the bed hears of it.</summary>
public sealed class DeviceFaultTests : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<DeviceEvent> _events = [];
    private readonly List<Alert> _alerts = [];
    private readonly List<EcgWindow> _windows = [];
    private Monitor? _monitor;

    public static TheoryData<string> Boards => ["ecgfm", "openbci-cyton", "openbci-cyton-daisy", "healthypi5", "protocentral-ads1293", "hackeeg-ads1298", "hackeeg-ads1298-messagepack"];

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        _monitor?.Dispose();
    }

    /// <summary>A board that sends by itself goes on at once; one that must be told is silent until it is, and that is an event.</summary>
    [Theory]
    [MemberData(nameof(Boards))]
    public async Task A_board_that_restarts_in_the_middle_comes_back_and_its_windows_go_on(string name)
    {
        var profile = VirtualBoard.Profile(name);
        using var board = new VirtualBoard(profile);
        var device = Watch(board, profile, board.Scheduler);
        await board.RunAsync(31);

        board.Restart();
        await board.RunAsync(4);
        if (profile.CreateDialogue() is not null)
        {
            await RetryPlannedAsync(board.Scheduler);
            Assert.Equal(DeviceFault.Stalled, Assert.Single(Events<DeviceEvent.Lost>()).Fault);
            board.Scheduler.AdvanceBy(Events<DeviceEvent.Retrying>()[0].In);
            await AsyncWait.UntilAsync(() => board.Openings == 2);
        }

        await board.RunAsync(40);

        Assert.Equal(profile.CreateDialogue() is null ? 1 : 2, Count<DeviceEvent.Connected>());
        Assert.Equal(profile.CreateDialogue() is null && profile.CounterBits > 0 ? 1 : 0, device.Statistics.Restarts);
        Assert.True(_windows.Count >= 6);
        Assert.Equal(0, _windows[^1].Missing.Max());
        // Of the seconds around the restart some are missing, and nothing else is.
        Assert.InRange(_windows.Sum(window => (long)window.Missing.Max()) / (double)EcgWindow.SampleRate, 0, 9);
        Assert.Empty(_alerts);
        var rate = board.Board.SampleRate;
        Assert.InRange((_windows[^1].End - board.TimeOf(board.Taken)).TotalSeconds, -10 - 20 / rate, 1 / rate);
    }

    [Theory]
    [InlineData("openbci-cyton", "healthypi5", DeviceFault.Unresponsive, "answers, but not as expected")]
    [InlineData("openbci-cyton-daisy", "hackeeg-ads1298", DeviceFault.Unresponsive, "does not answer")]
    [InlineData("hackeeg-ads1298", "ecgfm", DeviceFault.Unresponsive, "The Arduino needs the HackEEG driver")]
    [InlineData("hackeeg-ads1298-messagepack", "openbci-cyton", DeviceFault.Unresponsive, "The Arduino needs the HackEEG driver")]
    [InlineData("healthypi5", "protocentral-ads1293", DeviceFault.Unintelligible, "that the right device is connected")]
    [InlineData("protocentral-ads1293", "healthypi5", DeviceFault.Unintelligible, "that the right device is connected")]
    [InlineData("ecgfm", "protocentral-ads1293", DeviceFault.Unintelligible, "that the right device is connected")]
    public async Task The_wrong_board_is_an_alert_that_says_so(string name, string there, DeviceFault fault, string words)
    {
        using var board = new VirtualBoard(VirtualBoard.Profile(there));
        Watch(board, VirtualBoard.Profile(name), board.Scheduler);

        await board.RunAsync(30);
        await RetryPlannedAsync(board.Scheduler);
        Assert.Equal(fault, Events<DeviceEvent.Lost>()[0].Fault);
        board.Scheduler.AdvanceBy(TimeSpan.FromSeconds(10));

        var alert = Assert.Single(_alerts);
        Assert.Equal(("device-lost", AlertState.Onset, AlertKind.Technical), (alert.Code, alert.State, alert.Kind));
        Assert.Contains(words, alert.Detail, StringComparison.Ordinal);
        Assert.Empty(_windows);
    }

    [Fact]
    public async Task A_port_that_may_not_be_opened_is_an_alert_with_the_cure()
    {
        var clock = new VirtualScheduler(VirtualBoard.Zero);
        Watch(new Forbidden(), VirtualBoard.Profile("ecgfm"), clock);
        await RetryPlannedAsync(clock);
        clock.AdvanceBy(TimeSpan.FromSeconds(10));

        Assert.Equal(DeviceFault.PermissionDenied, Events<DeviceEvent.Lost>()[0].Fault);
        Assert.Equal(Forbidden.Said, Assert.Single(_alerts).Detail);
    }

    private EcgDevice Watch(IByteTransport line, Acquisition.Profiles.DeviceProfile profile, System.Reactive.Concurrency.IScheduler scheduler)
    {
        var device = new EcgDevice(line, profile, scheduler: scheduler);
        var options = new MonitorOptions
        {
            Bed = "bed-1",
            Source = device,
            Finite = false,
            Scheduler = scheduler,
            WithVitals = false,
            DeviceEvents = Observer.Create<DeviceEvent>(change =>
            {
                lock (_events) _events.Add(change);
            }),
        };
        _monitor = new Monitor(options, new Keeper(_windows), new NoTelemetry());
        _monitor.Alerts.Subscribe(_alerts.Add);
        _ = _monitor.RunAsync(_stop.Token);
        return device;
    }

    /// <summary>The next attempt is said first and planned then, beside the ticks of the host's clock.</summary>
    private Task RetryPlannedAsync(VirtualScheduler clock) => AsyncWait.UntilAsync(() => Count<DeviceEvent.Retrying>() > 0 && clock.Planned > 1);

    private List<T> Events<T>()
    {
        lock (_events) return [.. _events.OfType<T>()];
    }

    private int Count<T>() => Events<T>().Count;

    private sealed class Keeper(List<EcgWindow> windows) : IInterpreter
    {
        public Interpretation Interpret(AssessedWindow window)
        {
            windows.Add(window.Window);
            return Interpretations.Window(0, 0) with { Input = window };
        }
    }

    /// <summary>What a serial port says to a user without the group; that it says so stands in its own tests.</summary>
    private sealed class Forbidden : IByteTransport
    {
        public const string Said = "/dev/ttyUSB0: no permission to open the port. Serial ports usually belong to the group dialout.";

        public string Name => "/dev/ttyUSB0";

        public bool IsLive => true;

        public ValueTask<Stream> OpenAsync(CancellationToken cancellation) => throw new DeviceException(DeviceFault.PermissionDenied, Said);
    }
}
