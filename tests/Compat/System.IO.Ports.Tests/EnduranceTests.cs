using System.Diagnostics;
using Xunit.Abstractions;

namespace System.IO.Ports.Tests;

[Collection(Alone.Name)]
public sealed class EnduranceTests(ITestOutputHelper output)
{
    private const int Rate = 300_000;
    private const long Minute = 60L * Rate;

    private static SerialPort Opened(Pty pty)
    {
        SerialPort port = new(pty.Path, 3_000_000) { ReadTimeout = 10_000 };
        port.Open();
        return port;
    }

    [Fact]
    public async Task Three_hundred_kilobytes_a_second_for_a_minute_arrive_whole_and_cost_little()
    {
        using Pty pty = new();
        using SerialPort port = Opened(pty);
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(120));
        TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
        Stopwatch clock = Stopwatch.StartNew();

        Task device = Task.Run(async () =>
        {
            using PeriodicTimer tick = new(TimeSpan.FromMilliseconds(10));
            byte[] buffer = new byte[64 * 1024];
            for (long sent = 0; sent < Minute && await tick.WaitForNextTickAsync(limit.Token);)
            {
                int due = (int)Math.Min(buffer.Length, Math.Min(Minute, (long)(clock.Elapsed.TotalSeconds * Rate)) - sent);
                Fill(buffer.AsSpan(0, due), sent);
                await pty.Device.WriteAsync(buffer.AsMemory(0, due), limit.Token);
                sent += due;
            }
        });
        int reads = await Receive(port, Minute, limit.Token);
        await device;

        TimeSpan waiter = Processor(Assert.Single(Waiters(pty)));
        TimeSpan used = Process.GetCurrentProcess().TotalProcessorTime - before;
        output.WriteLine($"{clock.Elapsed.TotalSeconds:F1} s, {reads} reads, CPU {used / clock.Elapsed:P1} of one core with both ends and the checks, {waiter / clock.Elapsed:P2} for the port's own thread");
        Assert.InRange(clock.Elapsed.TotalSeconds, 59, 75);
        Assert.InRange(used / clock.Elapsed, 0, 0.3);
        Assert.InRange(waiter / clock.Elapsed, 0, 0.03);
    }

    [Fact]
    public async Task As_fast_as_it_goes_nothing_is_lost()
    {
        using Pty pty = new();
        using SerialPort port = Opened(pty);
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(60));
        Stopwatch clock = Stopwatch.StartNew();
        Task device = Task.Run(async () =>
        {
            byte[] buffer = new byte[10_007];
            for (long sent = 0; sent < Minute; sent += buffer.Length)
            {
                Fill(buffer, sent);
                await pty.Device.WriteAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, Minute - sent)), limit.Token);
            }
        });
        await Receive(port, Minute, limit.Token);
        await device;
        output.WriteLine($"{Minute / clock.Elapsed.TotalSeconds / 1e6:F1} MB/s");
    }

    [Fact]
    public async Task A_hang_up_is_noticed_within_100_milliseconds()
    {
        List<double> delays = [];
        for (int round = 0; round < 21; round++)
        {
            using Pty pty = new();
            using SerialPort port = Opened(pty);
            Task<int> read = port.BaseStream.ReadAsync(new byte[1], 0, 1);
            long start = Stopwatch.GetTimestamp();
            pty.HangUp();
            await Assert.ThrowsAsync<IOException>(() => read.WaitAsync(TimeSpan.FromSeconds(10)));
            delays.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        delays.Sort();
        output.WriteLine($"median {delays[10]:F2} ms, worst {delays[^1]:F2} ms");

        // The median: this machine may be busy with something else for longer than that.
        Assert.InRange(delays[10], 0, 100);
    }

    [Fact]
    public async Task Two_hundred_rounds_of_open_and_close_leave_no_descriptor_and_no_thread()
    {
        using Pty pty = new();
        Opened(pty).Dispose();
        int descriptors = Descriptors();
        for (int round = 0; round < 200; round++)
        {
            using SerialPort port = Opened(pty);
            Task<int> pending = port.BaseStream.ReadAsync(new byte[1], 0, 1);
            port.Close();
            await Assert.ThrowsAsync<ObjectDisposedException>(() => pending);
        }

        Assert.Equal(descriptors, Descriptors());
        Assert.True(SpinWait.SpinUntil(() => !Waiters(pty).Any(), 5000));
    }

    [Fact]
    public void Failed_openings_leave_no_descriptor()
    {
        using Pty pty = new();
        using SerialPort first = Opened(pty);
        int descriptors = Descriptors();
        for (int round = 0; round < 50; round++)
        {
            Assert.Throws<UnauthorizedAccessException>(() => Opened(pty));
            Assert.Throws<ArgumentException>(new SerialPort("/dev/null").Open);
        }

        Assert.Equal(descriptors, Descriptors());
    }

    [Fact]
    public async Task A_quiet_line_does_not_wake_anybody()
    {
        using Pty pty = new();
        using SerialPort port = Opened(pty);
        Task<int> read = port.BaseStream.ReadAsync(new byte[1], 0, 1);
        string waiter = Assert.Single(Waiters(pty));

        // Once it sleeps in poll with the read in its list, the count of its sleeps must stand still.
        long sleeps = -1;
        Assert.True(SpinWait.SpinUntil(() => sleeps == (sleeps = Sleeps(waiter)) && sleeps > 0, 5000));
        await Task.Delay(300);
        sleeps = Sleeps(waiter);
        await Task.Delay(300);
        Assert.Equal(sleeps, Sleeps(waiter));
        Assert.False(read.IsCompleted);
    }

    [Fact]
    public void A_dead_line_does_not_wake_anybody()
    {
        using Pty pty = new();
        using SerialPort port = Opened(pty);
        pty.HangUp();
        Assert.True(SpinWait.SpinUntil(() => !Waiters(pty).Any(), 5000));
        Assert.True(port.IsOpen);
    }

    /// <summary>Open descriptors, without those that only wait for the collector.</summary>
    private static int Descriptors()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Directory.GetFileSystemEntries("/proc/self/fd").Length;
    }

    // The kernel keeps 15 characters of a thread's name: enough here, where one port at a time is open.
    private static IEnumerable<string> Waiters(Pty pty) =>
        Directory.GetDirectories("/proc/self/task").Where(task => Comm(task) == $"serial {pty.Path}"[..15]);

    private static string Comm(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm")).Trim();
        }
        catch (IOException)
        {
            return "";
        }
    }

    /// <summary>User and system time of a thread: fields 14 and 15 of its stat, in hundredths of a second.</summary>
    private static TimeSpan Processor(string task)
    {
        string[] fields = File.ReadAllText(Path.Combine(task, "stat")).Split(')')[^1].Split(' ');
        return TimeSpan.FromSeconds((long.Parse(fields[12]) + long.Parse(fields[13])) / 100.0);
    }

    private static long Sleeps(string task) =>
        long.Parse(File.ReadLines(Path.Combine(task, "status")).First(line => line.StartsWith("voluntary_ctxt_switches", StringComparison.Ordinal)).Split(':')[1]);

    private static byte Expected(long position) => (byte)((uint)((uint)position * 2654435761u) >> 24);

    private static void Fill(Span<byte> bytes, long position)
    {
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = Expected(position + i);
    }

    private static async Task<int> Receive(SerialPort port, long total, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[4096], expected = new byte[4096];
        int reads = 0;
        for (long received = 0; received < total; reads++)
        {
            int count = await port.BaseStream.ReadAsync(buffer, cancellationToken);
            Fill(expected.AsSpan(0, count), received);
            if (!expected.AsSpan(0, count).SequenceEqual(buffer.AsSpan(0, count)))
                Assert.Fail($"A byte at {received} or the {count} after it is wrong.");
            received += count;
        }

        return reads;
    }
}
