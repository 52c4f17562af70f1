
namespace System.IO.Ports.Tests;

public sealed class LifeTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private static SerialPort Opened(Pty pty)
    {
        SerialPort port = new(pty.Path, 115200);
        port.Open();
        return port;
    }

    [Fact]
    public async Task Closing_from_elsewhere_ends_a_pending_read()
    {
        using Pty pty = new();
        using SerialPort port = Opened(pty);
        Task<int> read = port.BaseStream.ReadAsync(new byte[1], 0, 1);
        await Task.Run(port.Close).WaitAsync(Limit);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => read.WaitAsync(Limit));
        Assert.False(port.IsOpen);
    }

    [Fact]
    public async Task Closing_from_elsewhere_ends_a_blocked_read_and_write()
    {
        using Pty pty = new();
        using SerialPort port = Opened(pty);
        using Barrier started = new(3);
        Task read = Task.Factory.StartNew(
            () =>
            {
                started.SignalAndWait();
                port.Read(new byte[1], 0, 1);
            },
            TaskCreationOptions.LongRunning);
        Task write = Task.Factory.StartNew(
            () =>
            {
                started.SignalAndWait();
                port.Write(new byte[1 << 20], 0, 1 << 20);
            },
            TaskCreationOptions.LongRunning);
        started.SignalAndWait();
        Assert.True(SpinWait.SpinUntil(() => port.BytesToWrite > 0, Limit));

        await Task.Run(port.Close).WaitAsync(Limit);

        // Closed before or after the call began: both are InvalidOperationException, the latter as ObjectDisposedException.
        await Assert.ThrowsAnyAsync<InvalidOperationException>(() => read.WaitAsync(Limit));
        await Assert.ThrowsAnyAsync<InvalidOperationException>(() => write.WaitAsync(Limit));
    }

    [Fact]
    public async Task A_hang_up_ends_pending_reads_and_writes_and_all_later_ones()
    {
        using Pty pty = new();
        using SerialPort port = Opened(pty);
        Task<int> read = port.BaseStream.ReadAsync(new byte[1], 0, 1);
        Task write = port.BaseStream.WriteAsync(new byte[1 << 20], 0, 1 << 20);
        Task<int> blocked = Task.Run(() => port.Read(new byte[1], 0, 1));

        pty.HangUp();

        IOException error = await Assert.ThrowsAsync<IOException>(() => read.WaitAsync(Limit));
        Assert.Contains(pty.Path, error.Message);
        await Assert.ThrowsAsync<IOException>(() => write.WaitAsync(Limit));
        await Assert.ThrowsAsync<IOException>(() => blocked.WaitAsync(Limit));
        Assert.Throws<IOException>(() => port.Read(new byte[1], 0, 1));
        Assert.Throws<IOException>(() => port.Write([1], 0, 1));
        Assert.Throws<IOException>(() => port.BytesToRead);
        port.Close();
        Assert.False(port.IsOpen);
    }

    [Fact]
    public void A_hang_up_while_nobody_reads_is_found_by_the_next_read()
    {
        using Pty pty = new();
        using SerialPort port = Opened(pty);
        pty.HangUp();
        Assert.Throws<IOException>(() => port.Read(new byte[1], 0, 1));
    }

    [Fact]
    public void A_port_opens_again_after_closing()
    {
        using Pty pty = new();
        using SerialPort port = Opened(pty);
        port.Close();
        port.Close();
        port.Open();
        pty.Device.Write([42]);
        Assert.Equal(42, port.ReadByte());
    }

    [Fact]
    public void A_port_has_one_user_even_as_root()
    {
        using Pty pty = new();
        using SerialPort first = Opened(pty);
        using SerialPort second = new(pty.Path, 9600);
        UnauthorizedAccessException error = Assert.Throws<UnauthorizedAccessException>(second.Open);
        Assert.Contains("in use", error.Message);
        Assert.False(second.IsOpen);

        // The second has changed nothing, and the first works on.
        Assert.Equal(115200u, Termios.Speeds(pty.Slave).Out);
        pty.Device.Write([1]);
        Assert.Equal(1, first.ReadByte());

        first.Close();
        second.Open();
        Assert.True(second.IsOpen);
    }

    [SkippableFact]
    public void A_port_has_one_user_among_users_without_rights()
    {
        using Pty pty = new();
        File.SetUnixFileMode(pty.Path, (UnixFileMode)0b110_110_110);
        using SerialPort first = Opened(pty);
        Unprivileged.Run(() =>
        {
            using SerialPort second = new(pty.Path);
            Assert.Contains("in use", Assert.Throws<UnauthorizedAccessException>(second.Open).Message);
        });

        // Not a leftover of the exclusive mode: once closed, anybody may.
        first.Close();
        Unprivileged.Run(() =>
        {
            using SerialPort second = new(pty.Path);
            second.Open();
        });
    }

    [SkippableFact]
    public void A_missing_permission_is_told_with_its_cure()
    {
        using Pty pty = new();
        File.SetUnixFileMode(pty.Path, UnixFileMode.None);
        Unprivileged.Run(() =>
        {
            using SerialPort port = new(pty.Path);
            UnauthorizedAccessException error = Assert.Throws<UnauthorizedAccessException>(port.Open);
            Assert.Contains("dialout", error.Message);
            Assert.Contains(pty.Path, error.Message);
        });
    }

    [Fact]
    public void A_port_that_does_not_exist_is_told()
    {
        using SerialPort port = new("/dev/ttyDoesNotExist");
        FileNotFoundException error = Assert.Throws<FileNotFoundException>(port.Open);
        Assert.Equal("/dev/ttyDoesNotExist", error.FileName);
    }

    [Fact]
    public void A_file_that_is_no_port_is_told()
    {
        using SerialPort port = new("/dev/null");
        Assert.Throws<ArgumentException>(port.Open);
        Assert.False(port.IsOpen);
    }

    [Fact]
    public void A_closed_port_refuses_work()
    {
        using Pty pty = new();
        using SerialPort port = Opened(pty);
        Stream stream = port.BaseStream;
        Assert.Throws<InvalidOperationException>(port.Open);
        Assert.Throws<InvalidOperationException>(() => port.PortName = "/dev/ttyS0");
        Assert.Throws<InvalidOperationException>(() => port.ReadBufferSize = 1);
        port.Close();

        Assert.Throws<InvalidOperationException>(() => port.BaseStream);
        Assert.Throws<InvalidOperationException>(() => port.BytesToRead);
        Assert.Throws<InvalidOperationException>(() => port.Read(new byte[1], 0, 1));
        Assert.Throws<InvalidOperationException>(() => port.Write([1], 0, 1));
        Assert.Throws<InvalidOperationException>(port.DiscardInBuffer);
        Assert.Throws<ObjectDisposedException>(() => stream.Read(new byte[1], 0, 1));
        Assert.False(stream.CanRead);
    }

    [Fact]
    public void Closing_the_stream_closes_the_port()
    {
        using Pty pty = new();
        using SerialPort port = Opened(pty);
        port.BaseStream.Dispose();
        Assert.False(port.IsOpen);
        port.Open();
    }
}
