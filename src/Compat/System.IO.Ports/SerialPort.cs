using System.ComponentModel;
using System.Runtime.InteropServices;

namespace System.IO.Ports;

/// <summary>A serial line: its settings, its wires, and the bytes through <see cref="BaseStream"/>.</summary>
/// <remarks>
/// Of the official class this has the members that this program uses, with their meaning. What differs, on purpose:
/// an unplugged device ends reads and writes with an <see cref="IOException"/>; a port has one user at a time, root
/// included; <see cref="Close()"/> does not wait for bytes that the driver has not sent.
/// </remarks>
public class SerialPort : Component
{
    /// <summary>For <see cref="ReadTimeout"/> and <see cref="WriteTimeout"/>: wait as long as it takes.</summary>
    public const int InfiniteTimeout = -1;

    private const int DataTerminalReady = 0x2, RequestToSend = 0x4, ClearToSend = 0x20, CarrierDetect = 0x40, DataSetReady = 0x100;

    private LineSettings _settings = new(9600, Parity.None, 8, StopBits.One, Handshake.None);
    private SerialStream? _stream;
    private string _portName = "COM1";
    private int _readTimeout = InfiniteTimeout;
    private int _writeTimeout = InfiniteTimeout;
    private int _readBufferSize = 4096;
    private int _writeBufferSize = 2048;
    private bool _dtrEnable;
    private bool _rtsEnable;
    private bool _breakState;

    /// <summary>A closed port with 9600 baud, 8 data bits, no parity, one stop bit.</summary>
    public SerialPort()
    {
    }

    /// <summary>A closed port that <paramref name="container"/> disposes.</summary>
    /// <param name="container">The owner.</param>
    public SerialPort(IContainer container)
    {
        ArgumentNullException.ThrowIfNull(container);
        container.Add(this);
    }

    /// <summary>A closed port.</summary>
    /// <param name="portName">The device, for example <c>/dev/ttyUSB0</c> or a link in <c>/dev/serial/by-id</c>.</param>
    public SerialPort(string portName)
        : this(portName, 9600)
    {
    }

    /// <summary>A closed port.</summary>
    /// <param name="portName">The device.</param>
    /// <param name="baudRate">Symbols per second.</param>
    public SerialPort(string portName, int baudRate)
        : this(portName, baudRate, Parity.None)
    {
    }

    /// <summary>A closed port.</summary>
    /// <param name="portName">The device.</param>
    /// <param name="baudRate">Symbols per second.</param>
    /// <param name="parity">The parity bit.</param>
    public SerialPort(string portName, int baudRate, Parity parity)
        : this(portName, baudRate, parity, 8)
    {
    }

    /// <summary>A closed port.</summary>
    /// <param name="portName">The device.</param>
    /// <param name="baudRate">Symbols per second.</param>
    /// <param name="parity">The parity bit.</param>
    /// <param name="dataBits">5 to 8.</param>
    public SerialPort(string portName, int baudRate, Parity parity, int dataBits)
        : this(portName, baudRate, parity, dataBits, StopBits.One)
    {
    }

    /// <summary>A closed port.</summary>
    /// <param name="portName">The device.</param>
    /// <param name="baudRate">Symbols per second.</param>
    /// <param name="parity">The parity bit.</param>
    /// <param name="dataBits">5 to 8.</param>
    /// <param name="stopBits">The stop bits.</param>
    public SerialPort(string portName, int baudRate, Parity parity, int dataBits, StopBits stopBits)
    {
        PortName = portName;
        BaudRate = baudRate;
        Parity = parity;
        DataBits = dataBits;
        StopBits = stopBits;
    }

    /// <summary>The bytes of the open port. Its asynchronous calls know no time-outs, only cancellation.</summary>
    /// <exception cref="InvalidOperationException">The port is closed.</exception>
    public Stream BaseStream => OpenStream;

    /// <summary>Symbols per second; any number the device can do. 9600 unless set.</summary>
    public int BaudRate
    {
        get => _settings.BaudRate;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, nameof(BaudRate));
            Change(_settings with { BaudRate = value });
        }
    }

    /// <summary>The parity bit. None unless set.</summary>
    public Parity Parity
    {
        get => _settings.Parity;
        set
        {
            if (value is < Parity.None or > Parity.Space)
                throw new ArgumentOutOfRangeException(nameof(Parity), value, "None, Odd, Even, Mark or Space.");
            Change(_settings with { Parity = value });
        }
    }

    /// <summary>Bits per character, 5 to 8. 8 unless set.</summary>
    public int DataBits
    {
        get => _settings.DataBits;
        set
        {
            if (value is < 5 or > 8)
                throw new ArgumentOutOfRangeException(nameof(DataBits), value, "5 to 8.");
            Change(_settings with { DataBits = value });
        }
    }

    /// <summary>The stop bits. One unless set.</summary>
    public StopBits StopBits
    {
        get => _settings.StopBits;
        set
        {
            if (value is < StopBits.One or > StopBits.OnePointFive)
                throw new ArgumentOutOfRangeException(nameof(StopBits), value, "One, OnePointFive or Two.");
            Change(_settings with { StopBits = value });
        }
    }

    /// <summary>How the two ends pause each other. Not at all unless set.</summary>
    public Handshake Handshake
    {
        get => _settings.Handshake;
        set
        {
            if (value is < Handshake.None or > Handshake.RequestToSendXOnXOff)
                throw new ArgumentOutOfRangeException(nameof(Handshake), value, "None, XOnXOff, RequestToSend or RequestToSendXOnXOff.");
            Change(_settings with { Handshake = value });
        }
    }

    /// <summary>The device, for example <c>/dev/ttyUSB0</c>.</summary>
    /// <exception cref="InvalidOperationException">Set while the port is open.</exception>
    public string PortName
    {
        get => _portName;
        set
        {
            ArgumentException.ThrowIfNullOrEmpty(value, nameof(PortName));
            ThrowIfOpen(nameof(PortName));
            _portName = value;
        }
    }

    /// <summary>Milliseconds a synchronous read waits for the first byte; 0 does not wait.</summary>
    public int ReadTimeout
    {
        get => _readTimeout;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, InfiniteTimeout, nameof(ReadTimeout));
            _readTimeout = value;
            if (_stream is { } stream)
                stream.ReadTimeout = value;
        }
    }

    /// <summary>Milliseconds a synchronous write waits until the driver has taken all bytes.</summary>
    public int WriteTimeout
    {
        get => _writeTimeout;
        set
        {
            if (value <= 0 && value != InfiniteTimeout)
                throw new ArgumentOutOfRangeException(nameof(WriteTimeout), value, "Positive, or InfiniteTimeout.");
            _writeTimeout = value;
            if (_stream is { } stream)
                stream.WriteTimeout = value;
        }
    }

    /// <summary>A wish that Linux does not know; its drivers choose. 4096 unless set.</summary>
    public int ReadBufferSize
    {
        get => _readBufferSize;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, nameof(ReadBufferSize));
            ThrowIfOpen(nameof(ReadBufferSize));
            _readBufferSize = value;
        }
    }

    /// <summary>A wish that Linux does not know; its drivers choose. 2048 unless set.</summary>
    public int WriteBufferSize
    {
        get => _writeBufferSize;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, nameof(WriteBufferSize));
            ThrowIfOpen(nameof(WriteBufferSize));
            _writeBufferSize = value;
        }
    }

    /// <summary>Bytes that a read would give at once.</summary>
    /// <exception cref="InvalidOperationException">The port is closed.</exception>
    public int BytesToRead => Count(Libc.FIONREAD);

    /// <summary>Bytes written that have not left yet.</summary>
    /// <exception cref="InvalidOperationException">The port is closed.</exception>
    public int BytesToWrite => OpenStream.UnsentBytes + Count(Libc.TIOCOUTQ);

    /// <summary>The wire DTR, which many devices take for "somebody listens". Off unless set.</summary>
    public bool DtrEnable
    {
        get => IsOpen && Wires() is { } wires ? (wires & DataTerminalReady) != 0 : _dtrEnable;
        set
        {
            if (IsOpen)
                SetWire(DataTerminalReady, value);
            _dtrEnable = value;
        }
    }

    /// <summary>The wire RTS. Off unless set; with a handshake over RTS it belongs to the driver.</summary>
    /// <exception cref="InvalidOperationException">The handshake uses the wire.</exception>
    public bool RtsEnable
    {
        get
        {
            if (!IsOpen)
                return _rtsEnable;
            ThrowIfDriven();
            return Wires() is { } wires ? (wires & RequestToSend) != 0 : _rtsEnable;
        }
        set
        {
            if (IsOpen)
            {
                ThrowIfDriven();
                SetWire(RequestToSend, value);
            }

            _rtsEnable = value;
        }
    }

    /// <summary>Whether the other end has raised carrier detect. False on a line without that wire.</summary>
    /// <exception cref="InvalidOperationException">The port is closed.</exception>
    public bool CDHolding => (Wires() & CarrierDetect) is > 0;

    /// <summary>Whether the other end has raised clear to send. False on a line without that wire.</summary>
    /// <exception cref="InvalidOperationException">The port is closed.</exception>
    public bool CtsHolding => (Wires() & ClearToSend) is > 0;

    /// <summary>Whether the other end has raised data set ready. False on a line without that wire.</summary>
    /// <exception cref="InvalidOperationException">The port is closed.</exception>
    public bool DsrHolding => (Wires() & DataSetReady) is > 0;

    /// <summary>Whether the line is held in the break state.</summary>
    /// <exception cref="InvalidOperationException">The port is closed.</exception>
    public unsafe bool BreakState
    {
        get => OpenStream is not null && _breakState;
        set
        {
            if (Libc.Ioctl(OpenStream.Handle, value ? Libc.TIOCSBRK : Libc.TIOCCBRK, null) != 0)
                throw LastError();
            _breakState = value;
        }
    }

    /// <summary>True from <see cref="Open"/> to <see cref="Close()"/>, whether the device is still there or not.</summary>
    public bool IsOpen => _stream is { IsOpen: true };

    private SerialStream OpenStream =>
        _stream is { IsOpen: true } stream ? stream : throw new InvalidOperationException("The port is closed.");

    /// <summary>The devices of this machine that look like serial ports, as <c>/dev/…</c>, sorted.</summary>
    /// <returns>Their paths; none is opened.</returns>
    public static string[] GetPortNames()
    {
        DirectoryInfo devices = new("/sys/class/tty");
        if (!devices.Exists)
            return [];

        // Consoles and pseudo-terminals have no device behind them, and a PC lists four UARTs (type 0) it does not have.
        return
        [
            .. devices.EnumerateFileSystemInfos()
                .Where(tty => Path.Exists(Path.Combine(tty.FullName, "device")) && !IsAbsentUart(Path.Combine(tty.FullName, "type")))
                .Select(tty => Path.Combine("/dev", tty.Name))
                .Where(Path.Exists)
                .Order(StringComparer.Ordinal),
        ];

        static bool IsAbsentUart(string type) => File.Exists(type) && File.ReadAllText(type).Trim() == "0";
    }

    /// <summary>Opens the device, sets the line, and keeps everybody else out.</summary>
    /// <exception cref="InvalidOperationException">This port is open already.</exception>
    /// <exception cref="FileNotFoundException">There is no such device.</exception>
    /// <exception cref="UnauthorizedAccessException">Another program uses it, or this user may not; the message says what helps.</exception>
    /// <exception cref="ArgumentException">It is not a serial port, or it cannot do these settings.</exception>
    /// <exception cref="IOException">The device does not answer.</exception>
    public void Open()
    {
        if (IsOpen)
            throw new InvalidOperationException("The port is open already.");

        SerialStream stream = new(_portName, _settings) { ReadTimeout = _readTimeout, WriteTimeout = _writeTimeout };
        _stream = stream;
        try
        {
            SetWire(DataTerminalReady, _dtrEnable);
            if (_settings.Handshake is Handshake.None or Handshake.XOnXOff)
                SetWire(RequestToSend, _rtsEnable);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Closes the port. Who waits for it elsewhere gets an <see cref="ObjectDisposedException"/>. It may be opened again.</summary>
    public void Close() => Dispose();

    /// <summary>Waits for at least one byte, up to <see cref="ReadTimeout"/>, and gives what is there.</summary>
    /// <param name="buffer">Takes the bytes.</param>
    /// <param name="offset">Where in it they begin.</param>
    /// <param name="count">How many at most.</param>
    /// <returns>The number of bytes, at least one unless <paramref name="count"/> is 0.</returns>
    /// <exception cref="InvalidOperationException">The port is closed.</exception>
    /// <exception cref="TimeoutException">No byte came in time.</exception>
    /// <exception cref="IOException">The device is gone.</exception>
    public int Read(byte[] buffer, int offset, int count) => OpenStream.Read(buffer, offset, count);

    /// <summary>Waits for one byte, up to <see cref="ReadTimeout"/>.</summary>
    /// <returns>The byte.</returns>
    /// <exception cref="InvalidOperationException">The port is closed.</exception>
    /// <exception cref="TimeoutException">No byte came in time.</exception>
    /// <exception cref="IOException">The device is gone.</exception>
    public int ReadByte() => OpenStream.ReadByte();

    /// <summary>Hands bytes to the driver, waiting up to <see cref="WriteTimeout"/> for room.</summary>
    /// <param name="buffer">Holds the bytes.</param>
    /// <param name="offset">Where in it they begin.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="InvalidOperationException">The port is closed.</exception>
    /// <exception cref="TimeoutException">The other end did not take all of them in time.</exception>
    /// <exception cref="IOException">The device is gone.</exception>
    public void Write(byte[] buffer, int offset, int count) => OpenStream.Write(buffer, offset, count);

    /// <summary>Forgets what has arrived and was not read.</summary>
    /// <exception cref="InvalidOperationException">The port is closed.</exception>
    public void DiscardInBuffer() => OpenStream.Discard(writes: false);

    /// <summary>Forgets what was written and has not left.</summary>
    /// <exception cref="InvalidOperationException">The port is closed.</exception>
    public void DiscardOutBuffer() => OpenStream.Discard(writes: true);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stream?.Dispose();
            _breakState = false;
        }

        base.Dispose(disposing);
    }

    private void Change(LineSettings settings)
    {
        if (IsOpen)
            settings.Apply(OpenStream.Handle);
        _settings = settings;
    }

    private unsafe int Count(nuint queue)
    {
        int count;
        return Libc.Ioctl(OpenStream.Handle, queue, &count) == 0 ? count : throw LastError();
    }

    /// <summary>The state of the wires, or nothing on a line that has none (a pseudo-terminal).</summary>
    private unsafe int? Wires()
    {
        int wires;
        return Libc.Ioctl(OpenStream.Handle, Libc.TIOCMGET, &wires) == 0 ? wires : HasNoWires() ? null : throw LastError();
    }

    private unsafe void SetWire(int wire, bool on)
    {
        if (Libc.Ioctl(OpenStream.Handle, on ? Libc.TIOCMBIS : Libc.TIOCMBIC, &wire) != 0 && !HasNoWires())
            throw LastError();
    }

    private static bool HasNoWires() => Marshal.GetLastPInvokeError() is Libc.ENOTTY or Libc.EINVAL;

    private IOException LastError() =>
        new(Marshal.GetLastPInvokeError() == Libc.EIO
            ? SerialStream.Gone(_portName)
            : $"{_portName} has failed: {Marshal.GetLastPInvokeErrorMessage()}.");

    private void ThrowIfDriven()
    {
        if (_settings.Handshake is Handshake.RequestToSend or Handshake.RequestToSendXOnXOff)
            throw new InvalidOperationException("RTS belongs to the handshake.");
    }

    private void ThrowIfOpen(string property)
    {
        if (IsOpen)
            throw new InvalidOperationException($"{property} cannot be set while the port is open.");
    }
}
