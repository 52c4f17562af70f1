using static System.IO.Ports.Tests.Termios;

namespace System.IO.Ports.Tests;

public sealed class SettingsTests
{
    [Fact]
    public void A_port_is_8N1_and_raw_whatever_it_was_before()
    {
        using Pty pty = new();
        Termios cooked = new(pty.Slave);
        cooked.Input |= Icrnl | Ixon | Istrip;
        cooked.Output |= Opost | Onlcr;
        cooked.Local |= Icanon | Echo | Isig | Iexten;
        cooked.Set(pty.Slave);

        using SerialPort port = new(pty.Path, 115200);
        port.Open();

        Termios raw = new(pty.Slave);
        Assert.Equal(0u, raw.Input & (Istrip | Inlcr | Igncr | Icrnl | Ixon | Ixoff));
        Assert.Equal(0u, raw.Output & Opost);
        Assert.Equal(0u, raw.Local & (Isig | Icanon | Echo | Iexten));
        Assert.Equal(Cs8 | Cread | Clocal, raw.Control & (Csize | Cstopb | Cread | Parenb | Clocal | Crtscts));
        Assert.Equal(1, raw.MinimalRead);
    }

    [Theory]
    [InlineData(50, 0x0001)]
    [InlineData(9600, 0x000D)]
    [InlineData(38400, 0x000F)]
    [InlineData(57600, 0x1001)]
    [InlineData(115200, 0x1002)]
    [InlineData(921600, 0x1007)]
    [InlineData(4000000, 0x100F)]
    public void A_usual_rate_is_set_by_its_code_so_that_every_tool_reads_it(int rate, uint code)
    {
        using Pty pty = new();
        using SerialPort port = new(pty.Path, rate);
        port.Open();
        Assert.Equal(code, new Termios(pty.Slave).Control & 0x100F);
        Assert.Equal(((uint)rate, (uint)rate), Speeds(pty.Slave));
    }

    [Theory]
    [InlineData(12345)]
    [InlineData(74880)]
    [InlineData(250000)]
    [InlineData(3686400)]
    public void An_odd_rate_is_set_as_it_is(int rate)
    {
        using Pty pty = new();
        using SerialPort port = new(pty.Path, rate);
        port.Open();
        Assert.Equal(((uint)rate, (uint)rate), Speeds(pty.Slave));
    }

    [Fact]
    public void Settings_change_while_the_port_is_open()
    {
        using Pty pty = new();
        using SerialPort port = new(pty.Path);
        port.Open();
        port.BaudRate = 230400;
        port.StopBits = StopBits.Two;
        port.Handshake = Handshake.RequestToSendXOnXOff;

        Assert.Equal(230400u, Speeds(pty.Slave).Out);
        Assert.NotEqual(0u, new Termios(pty.Slave).Control & Cstopb);
        Assert.NotEqual(0u, new Termios(pty.Slave).Control & Crtscts);
        Assert.Equal(Ixon | Ixoff, new Termios(pty.Slave).Input & (Ixon | Ixoff));
        Assert.Throws<InvalidOperationException>(() => port.RtsEnable = true);

        port.Handshake = Handshake.None;
        Assert.Equal(0u, new Termios(pty.Slave).Control & Crtscts);
        Assert.Equal(0u, new Termios(pty.Slave).Input & (Ixon | Ixoff));
        port.RtsEnable = true;
    }

    [Fact]
    public void A_setting_that_cannot_be_is_refused_and_not_kept()
    {
        using Pty pty = new();
        using SerialPort port = new(pty.Path);
        port.Open();
        Assert.Throws<ArgumentException>(() => port.StopBits = StopBits.OnePointFive);
        Assert.Equal(StopBits.One, port.StopBits);
        Assert.Equal(9600, port.BaudRate);
        Assert.Equal(9600u, Speeds(pty.Slave).Out);
    }

    [Fact]
    public void Defaults_and_limits_are_those_of_the_official_class()
    {
        using SerialPort port = new();
        Assert.Equal(("COM1", 9600, 8, Parity.None, StopBits.One, Handshake.None),
            (port.PortName, port.BaudRate, port.DataBits, port.Parity, port.StopBits, port.Handshake));
        Assert.Equal((SerialPort.InfiniteTimeout, SerialPort.InfiniteTimeout, 4096, 2048, false, false),
            (port.ReadTimeout, port.WriteTimeout, port.ReadBufferSize, port.WriteBufferSize, port.DtrEnable, port.RtsEnable));

        Assert.Throws<ArgumentOutOfRangeException>(() => port.BaudRate = 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => port.DataBits = 4);
        Assert.Throws<ArgumentOutOfRangeException>(() => port.DataBits = 9);
        Assert.Throws<ArgumentOutOfRangeException>(() => port.Parity = (Parity)5);
        Assert.Throws<ArgumentOutOfRangeException>(() => port.StopBits = StopBits.None);
        Assert.Throws<ArgumentOutOfRangeException>(() => port.Handshake = (Handshake)4);
        Assert.Throws<ArgumentOutOfRangeException>(() => port.ReadTimeout = -2);
        Assert.Throws<ArgumentOutOfRangeException>(() => port.WriteTimeout = 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => port.ReadBufferSize = 0);
        Assert.Throws<ArgumentException>(() => port.PortName = "");
        Assert.Throws<ArgumentNullException>(() => port.PortName = null!);
    }

    [Fact]
    public void A_line_without_modem_wires_has_them_as_they_were_set()
    {
        using Pty pty = new();
        using SerialPort port = new(pty.Path) { DtrEnable = true };
        port.Open();
        Assert.True(port.DtrEnable);
        Assert.False(port.RtsEnable);
        Assert.False(port.CDHolding || port.CtsHolding || port.DsrHolding);
    }

    [Fact]
    public void The_list_of_ports_has_existing_devices_only() =>
        Assert.All(SerialPort.GetPortNames(), name => Assert.True(Path.Exists(name), name));
}
