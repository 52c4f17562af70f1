using System.Diagnostics;

namespace System.IO.Ports.Tests;

public sealed class TransferTests : IDisposable
{
    private readonly Pty _pty = new();
    private readonly SerialPort _port;
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(20));

    public TransferTests()
    {
        _port = new SerialPort(_pty.Path, 115200) { ReadTimeout = 10_000, WriteTimeout = 10_000 };
        _port.Open();
        _pty.Device.ReadTimeout = _pty.Device.WriteTimeout = 10_000;
    }

    private static byte[] EveryByte => [.. Enumerable.Range(0, 256).Select(i => (byte)i)];

    public void Dispose()
    {
        _port.Dispose();
        _pty.Dispose();
        _limit.Dispose();
    }

    [Fact]
    public async Task Every_byte_value_passes_as_it_is_both_ways()
    {
        _pty.Device.Write(EveryByte);
        byte[] received = new byte[256];
        await _port.BaseStream.ReadExactlyAsync(received, _limit.Token);
        Assert.Equal(EveryByte, received);

        await _port.BaseStream.WriteAsync(EveryByte, _limit.Token);
        await _pty.Device.ReadExactlyAsync(received, _limit.Token);
        Assert.Equal(EveryByte, received);
    }

    [Fact]
    public async Task A_read_gives_what_is_there_and_keeps_the_rest()
    {
        byte[] buffer = new byte[100];
        ValueTask<int> pending = _port.BaseStream.ReadAsync(buffer, _limit.Token);
        Assert.False(pending.IsCompleted);

        _pty.Device.Write([1, 2, 3]);
        Assert.Equal(3, await pending);
        Assert.Equal([1, 2, 3], buffer[..3]);

        _pty.Device.Write([4, 5, 6, 7, 8]);
        Assert.Equal(4, _port.ReadByte());
        Assert.Equal(2, await _port.BaseStream.ReadAsync(buffer.AsMemory(0, 2), _limit.Token));
        Assert.Equal(2, _port.Read(buffer, 2, 50));
        Assert.Equal([5, 6, 7, 8], buffer[..4]);
    }

    [Fact]
    public async Task A_frame_in_pieces_arrives_whole()
    {
        byte[] frame = EveryByte;
        byte[] received = new byte[frame.Length];
        ValueTask whole = _port.BaseStream.ReadExactlyAsync(received, _limit.Token);
        foreach (byte[] piece in frame.Chunk(7))
            _pty.Device.Write(piece);
        await whole;
        Assert.Equal(frame, received);
    }

    [Fact]
    public async Task Reads_are_served_in_the_order_they_came()
    {
        byte[][] buffers = [new byte[1], new byte[1], new byte[1]];
        Task<int>[] reads = [.. buffers.Select(buffer => _port.BaseStream.ReadAsync(buffer, 0, 1, _limit.Token))];
        _pty.Device.Write([1, 2, 3]);
        int[] counts = await Task.WhenAll(reads);
        Assert.Equal([1, 1, 1], counts);
        Assert.Equal([1, 2, 3], buffers.Select(buffer => buffer[0]));
    }

    [Fact]
    public void A_read_of_nothing_gives_nothing_at_once() => Assert.Equal(0, _port.Read(new byte[1], 0, 0));

    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    public void A_read_without_data_times_out(int timeout)
    {
        _port.ReadTimeout = timeout;
        Stopwatch clock = Stopwatch.StartNew();
        Assert.Throws<TimeoutException>(() => _port.Read(new byte[1], 0, 1));
        Assert.InRange(clock.ElapsedMilliseconds, timeout / 2, 5000);

        _pty.Device.Write([7]);
        _port.ReadTimeout = 10_000;
        Assert.Equal(7, _port.ReadByte());
    }

    [Fact]
    public async Task A_pending_read_is_cancelled_and_takes_no_byte_with_it()
    {
        using CancellationTokenSource cancel = new();
        byte[] abandoned = new byte[10];
        Task<int> read = _port.BaseStream.ReadAsync(abandoned, cancel.Token).AsTask();
        await cancel.CancelAsync();
        OperationCanceledException error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        Assert.Equal(cancel.Token, error.CancellationToken);

        _pty.Device.Write([1, 2, 3]);
        byte[] received = new byte[3];
        await _port.BaseStream.ReadExactlyAsync(received, _limit.Token);
        Assert.Equal([1, 2, 3], received);
        Assert.Equal(new byte[10], abandoned);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _port.BaseStream.ReadAsync(abandoned, cancel.Token).AsTask());
    }

    [Fact]
    public async Task No_byte_is_lost_when_reads_are_cancelled_while_data_arrive()
    {
        const int Total = 20_000;
        Task device = Task.Run(async () =>
        {
            for (int i = 0; i < Total; i++)
                await _pty.Device.WriteAsync(new[] { (byte)i }, _limit.Token);
        });

        byte[] buffer = new byte[16];
        int received = 0, cancelled = 0;
        while (received < Total)
        {
            using CancellationTokenSource cancel = new();
            Task<int> read = _port.BaseStream.ReadAsync(buffer, cancel.Token).AsTask();
            cancel.Cancel();
            int count = 0;
            try
            {
                count = await read;
            }
            catch (OperationCanceledException)
            {
                cancelled++;
                Assert.False(_limit.IsCancellationRequested);
            }

            for (int i = 0; i < count; i++)
                Assert.Equal((byte)received++, buffer[i]);
        }

        await device;
        Assert.True(cancelled > 0);
    }

    [Fact]
    public void Bytes_to_read_are_counted_and_forgotten_on_demand()
    {
        _pty.Device.Write([1, 2, 3]);
        Assert.True(SpinWait.SpinUntil(() => _port.BytesToRead == 3, 5000));
        _port.DiscardInBuffer();
        Assert.Equal(0, _port.BytesToRead);
        _pty.Device.Write([9]);
        Assert.Equal(9, _port.ReadByte());
    }

    [Fact]
    public void A_write_to_a_device_that_stalls_times_out()
    {
        _port.WriteTimeout = 60;
        Stopwatch clock = Stopwatch.StartNew();
        Assert.Throws<TimeoutException>(() => _port.Write(new byte[1 << 20], 0, 1 << 20));
        Assert.InRange(clock.ElapsedMilliseconds, 30, 5000);
        Assert.True(_port.IsOpen);
        Assert.True(_port.BaseStream.CanWrite);
    }

    [Fact]
    public async Task A_write_goes_on_when_the_device_reads_again()
    {
        byte[] sent = [.. Enumerable.Range(0, 200_000).Select(i => (byte)(i * 31 >> 3))];
        Task write = _port.BaseStream.WriteAsync(sent, _limit.Token).AsTask();
        Assert.False(write.IsCompleted);
        Assert.True(_port.BytesToWrite > 0);

        byte[] received = new byte[sent.Length];
        await _pty.Device.ReadExactlyAsync(received, _limit.Token);
        await write;
        await _port.BaseStream.FlushAsync(_limit.Token);
        Assert.Equal(sent, received);
        Assert.Equal(0, _port.BytesToWrite);
    }

    [Fact]
    public async Task A_stalled_write_is_cancelled_and_the_line_stays_usable()
    {
        using CancellationTokenSource cancel = new();
        Task write = _port.BaseStream.WriteAsync(new byte[1 << 20], cancel.Token).AsTask();
        Assert.False(write.IsCompleted);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write);

        Task last = _port.BaseStream.WriteAsync(new byte[] { 0xAB }, _limit.Token).AsTask();
        byte[] buffer = new byte[4096];
        int count;
        do
            count = await _pty.Device.ReadAsync(buffer, _limit.Token);
        while (buffer[count - 1] != 0xAB);
        await last;
    }

    [Fact]
    public async Task A_stalled_write_does_not_hold_up_reading()
    {
        using CancellationTokenSource cancel = new();
        Task write = _port.BaseStream.WriteAsync(new byte[1 << 20], cancel.Token).AsTask();
        Task<int> read = _port.BaseStream.ReadAsync(new byte[10], 0, 10, _limit.Token);
        _pty.Device.Write([1]);
        Assert.Equal(1, await read);
        Assert.False(write.IsCompleted);
        _port.DiscardOutBuffer();
        await write;
    }

    [Fact]
    public async Task The_older_asynchronous_pattern_works_too()
    {
        byte[] buffer = new byte[4];
        Task<int> read = Task<int>.Factory.FromAsync(_port.BaseStream.BeginRead, _port.BaseStream.EndRead, buffer, 0, 4, null);
        _pty.Device.Write([5]);
        Assert.Equal(1, await read.WaitAsync(_limit.Token));
        Assert.Equal(5, buffer[0]);
    }
}
