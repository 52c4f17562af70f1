using System.Reactive.Linq;
using EcgFm.Acquisition.Devices;
using EcgFm.Acquisition.Frames;
using EcgFm.Acquisition.Profiles;
using EcgFm.Acquisition.Tests.Frames;
using EcgFm.Acquisition.Transports;
using EcgFm.Core;

namespace EcgFm.Acquisition.Tests.Devices;

/// <summary>The whole way over a pseudo-terminal: bytes, frames, device, reconnection.</summary>
[Collection(Alone.Name)]
public sealed class SerialEcgDeviceTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("ecgfm-serial").FullName;
    private readonly FrameEncoder _encoder = new(FrameSamples.Format());
    private readonly Recorder _got = new();

    private string Port => Path.Combine(_folder, "by-id");

    private static EcgDevice Serial(string port, int baudRate, DeviceOptions? options = null) => new(new SerialTransport(port, baudRate), options: options);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Frames_through_a_port_become_blocks()
    {
        using var pty = new Pty();
        var device = Serial(pty.Path, 230_400);
        var before = DateTimeOffset.UtcNow;
        using var subscription = device.Blocks().Subscribe(_got);

        await pty.Device.WriteAsync(FrameSamples.Line(_encoder, 500, 10, counter: 77).Joined()).AsTask().WaitAsync(Patience);
        await _got.Reached(500);

        Assert.Equal(Enumerable.Range(0, 500).Select(i => (10L * i, 10)), _got.Blocks.Select(b => (b.FirstSample, b.Length)));
        for (var channel = 0; channel < 8; channel++)
            for (var i = 0; i < 5000; i++)
                if (Math.Abs(_got.Blocks[i / 10].Channel(channel)[i % 10] - FrameSamples.Value((uint)(77 + i), channel) * 47.684e-6) > 1e-4)
                    Assert.Fail($"Channel {channel} is wrong at {i}.");
        Assert.InRange(_got.Blocks[0].Start, before.AddSeconds(-10), DateTimeOffset.UtcNow);
        Assert.Equal((5000, 0, 0), (device.Statistics.Received, device.Statistics.Missing, device.Statistics.Frames.Bad));
        Assert.Equal(pty.Path, device.Name);
    }

    [Fact]
    public async Task After_a_hang_up_the_port_comes_back_under_its_name_and_blocks_go_on()
    {
        var events = new Events();
        var first = new Pty();
        File.CreateSymbolicLink(Port, first.Path);
        var policy = new ReconnectPolicy { InitialDelay = TimeSpan.FromMilliseconds(20), MaxDelay = TimeSpan.FromMilliseconds(20) };
        using var subscription = Serial(Port, 115_200).Blocks().Reconnect(policy, events).Subscribe(_got);
        await first.Device.WriteAsync(FrameSamples.Line(_encoder, 10, 10, counter: 9000).Joined()).AsTask().WaitAsync(Patience);
        await _got.Reached(10);

        File.Delete(Port);
        first.Dispose();
        await events.Saw(e => e is DeviceEvent.Lost { Fault: DeviceFault.Disconnected });
        await events.Saw(e => e is DeviceEvent.Lost { Fault: DeviceFault.NotFound });

        using var second = new Pty();
        File.CreateSymbolicLink(Port, second.Path);
        var restarted = new FrameEncoder(FrameSamples.Format(stream: 2));
        await second.Device.WriteAsync(FrameSamples.Line(restarted, 10, 10).Joined()).AsTask().WaitAsync(Patience);
        await _got.Reached(20);

        Assert.Equal(2, events.All.OfType<DeviceEvent.Connected>().Count());
        Assert.All(_got.Blocks.Zip(_got.Blocks.Skip(1)), p => Assert.True(p.Second.FirstSample >= p.First.FirstSample + p.First.Length));
        var again = _got.Blocks[10];
        // Each time 200 ms of samples came at once, perhaps in two pieces: their times are no better than that.
        Assert.InRange((again.Start - _got.Blocks[0].Start).TotalSeconds - again.FirstSample / 500.0, -0.4, 0.4);
        Assert.StartsWith(Port + ": ", events.All.OfType<DeviceEvent.Lost>().First().Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_baud_rate_is_unintelligible()
    {
        using var pty = new Pty();
        var options = new DeviceOptions { UnintelligibleAfter = TimeSpan.FromSeconds(0.3) };
        using var subscription = Serial(pty.Path, 9600, options).Blocks().Subscribe(_got);
        var random = new Random(1);
        var garbage = new byte[500];

        // What a receiver at the wrong rate makes of frames: anything, with zeros among it.
        random.NextBytes(garbage);
        for (var i = 0; i < garbage.Length; i += 7) garbage[i] = 0;
        using var ended = new CancellationTokenSource();
        var sending = Task.Run(async () =>
        {
            while (true) await pty.Device.WriteAsync(garbage, ended.Token);
        });

        var fault = await _got.FaultAsync();

        await ended.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.Equal(DeviceFault.Unintelligible, fault.Fault);
        Assert.Equal($"{pty.Path}: bytes come, but no valid frame for 0.3 s. Check the baud rate, and that the right device is connected.", fault.Message);
        Assert.Empty(_got.Blocks);
    }

    [Fact]
    public async Task A_port_that_is_not_there_is_not_found()
    {
        using var subscription = Serial(Port, 115_200).Blocks().Subscribe(_got);

        var fault = await _got.FaultAsync();

        Assert.Equal(DeviceFault.NotFound, fault.Fault);
        Assert.StartsWith($"{Port}: there is no such port.", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_is_busy()
    {
        using var pty = new Pty();
        using var other = new System.IO.Ports.SerialPort(pty.Path, 115_200);
        other.Open();
        using var subscription = Serial(pty.Path, 115_200).Blocks().Subscribe(_got);

        Assert.Equal(DeviceFault.Busy, (await _got.FaultAsync()).Fault);
    }

    [Fact]
    public async Task What_is_no_port_is_said_so()
    {
        await File.WriteAllTextAsync(Port, "text");
        using var subscription = Serial(Port, 115_200).Blocks().Subscribe(_got);

        var fault = await _got.FaultAsync();

        Assert.Equal(DeviceFault.Failed, fault.Fault);
        Assert.StartsWith($"{Port}: this is no serial port", fault.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_hundred_cycles_leave_no_descriptor_behind()
    {
        Skip.IfNot(Directory.Exists("/proc/self/fd"), "No /proc here.");
        var line = FrameSamples.Line(_encoder, 3, 10).Joined();
        var before = Terminals();
        await Cycle(0);
        await Cycle(1);

        for (var i = 0; i < 100; i++) await Cycle(i);

        // After disposing, the port is closed by whoever reads it.
        var deadline = DateTime.UtcNow + Patience;
        while (Terminals().Count > before.Count && DateTime.UtcNow < deadline) await Task.Yield();
        Assert.InRange(Terminals().Count, 0, before.Count);

        // Every second one ends by a hang-up, the others by the subscriber.
        async Task Cycle(int number)
        {
            var got = new Recorder();
            using var pty = new Pty();
            using (Serial(pty.Path, 115_200).Blocks().Subscribe(got))
            {
                await pty.Device.WriteAsync(line).AsTask().WaitAsync(Patience);
                await got.Reached(3);
                if (number % 2 == 0) return;
                pty.HangUp();
                Assert.Equal(DeviceFault.Disconnected, (await got.FaultAsync()).Fault);
            }
        }

        // The tests of this class run one after the other, and no other class here has terminals.
        static List<string> Terminals() =>
        [
            .. Directory.GetFiles("/proc/self/fd").Select(Target)
                .Where(to => to.StartsWith("/dev/pts/", StringComparison.Ordinal) || to.EndsWith("/ptmx", StringComparison.Ordinal)),
        ];

        static string Target(string descriptor)
        {
            try
            {
                return new FileInfo(descriptor).LinkTarget ?? "";
            }
            catch (IOException)
            {
                return "";
            }
        }
    }

    [SkippableFact]
    public async Task A_hundred_times_unplugged_and_plugged_in_under_one_name_leave_nothing_behind()
    {
        Skip.IfNot(Directory.Exists("/proc/self/fd"), "No /proc here.");
        var events = new Events();
        var policy = new ReconnectPolicy { InitialDelay = TimeSpan.FromMilliseconds(2), MaxDelay = TimeSpan.FromMilliseconds(5), StableAfter = TimeSpan.Zero };
        long blocks = 0;
        using var subscription = Serial(Port, 115_200).Blocks().Reconnect(policy, events).Subscribe(_ => Interlocked.Increment(ref blocks));
        for (var i = 0; i < 20; i++) await Cycle(i);
        var (descriptors, threads, memory) = Held();

        for (var i = 20; i < 120; i++) await Cycle(i);

        var after = Held();
        Assert.InRange(after.Descriptors, 0, descriptors + 4);
        Assert.InRange(after.Threads, 0, threads + 4);
        Assert.InRange(after.Memory, 0, memory + 500_000);
        Assert.InRange(Interlocked.Read(ref blocks), 120, 120 * 50);

        async Task Cycle(int number)
        {
            using var pty = new Pty();
            File.CreateSymbolicLink(Port, pty.Path);
            var board = new EmulatedBoard(DeviceProfile.EcgFm, pty);
            var samples = new EcgBlock { Channels = StandardLeads.Layout, SampleRate = board.SampleRate, FirstSample = 0, Start = default, Samples = new float[12 * 20] };
            // A board sends whether or not somebody listens.
            while (events.All.Count(e => e is DeviceEvent.Connected) <= number)
            {
                board.Send(samples);
                await Task.Yield();
            }

            File.Delete(Port);
            pty.HangUp();
            await events.Saw(e => e is DeviceEvent.Lost { Fault: DeviceFault.NotFound }, number + 1);
        }

        static (int Descriptors, int Threads, long Memory) Held()
        {
            for (var i = 0; i < 3; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }

            return (Directory.GetFiles("/proc/self/fd").Length, System.Diagnostics.Process.GetCurrentProcess().Threads.Count, GC.GetTotalMemory(forceFullCollection: true));
        }
    }

    /// <summary>Keeps the events and signals those that the test waits for.</summary>
    private sealed class Events : IObserver<DeviceEvent>
    {
        private readonly List<DeviceEvent> _all = [];
        private readonly List<(Func<DeviceEvent, bool> Wanted, TaskCompletionSource Seen)> _waiting = [];

        public List<DeviceEvent> All
        {
            get
            {
                lock (_all) return [.. _all];
            }
        }

        /// <summary>Completes when so many events of the kind have come.</summary>
        public async Task Saw(Func<DeviceEvent, bool> wanted, int times)
        {
            var left = times;
            Task seen;
            do
            {
                lock (_all)
                {
                    left = times - _all.Count(wanted);
                    if (left <= 0) return;
                    var next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    _waiting.Add((wanted, next));
                    seen = next.Task;
                }

                await seen.WaitAsync(Patience);
            }
            while (left > 0);
        }

        public Task Saw(Func<DeviceEvent, bool> wanted)
        {
            lock (_all)
            {
                if (_all.Any(wanted)) return Task.CompletedTask;
                var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _waiting.Add((wanted, seen));
                return seen.Task.WaitAsync(Patience);
            }
        }

        public void OnNext(DeviceEvent value)
        {
            lock (_all)
            {
                _all.Add(value);
                foreach (var (wanted, seen) in _waiting)
                    if (wanted(value))
                        seen.TrySetResult();
            }
        }

        public void OnError(Exception error) => Assert.Fail("No error is told.");

        public void OnCompleted() => Assert.Fail("No end is told.");
    }
}
