using System.IO.Ports;

namespace EcgFm.Acquisition.Transports;

/// <summary>A serial port: eight data bits, no parity, one stop bit, no flow control; DTR is raised, without which some boards do not send.</summary>
public sealed class SerialTransport : IByteTransport
{
    /// <param name="port">The port, best by its stable name below <c>/dev/serial/by-id</c>.</param>
    /// <param name="baudRate">Bits per second.</param>
    public SerialTransport(string port, int baudRate)
    {
        ArgumentException.ThrowIfNullOrEmpty(port);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(baudRate);
        (Name, BaudRate) = (port, baudRate);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Bits per second.</summary>
    public int BaudRate { get; }

    /// <inheritdoc/>
    public bool IsLive => true;

    /// <inheritdoc/>
    public ValueTask<Stream> OpenAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var port = new SerialPort(Name, BaudRate, Parity.None, 8, StopBits.One);
        try
        {
            port.Open();
            AssertDtr(port);
            return new(new LiveStream(port.BaseStream, port, Name));
        }
        catch (Exception e)
        {
            port.Dispose();
            throw Explain(e);
        }
    }

    /// <summary>Some front ends send only to a terminal that is ready. A line without modem wires has nothing to set.</summary>
    private static void AssertDtr(SerialPort port)
    {
        try
        {
            port.DtrEnable = true;
        }
        catch (IOException)
        {
            // No modem wires.
        }
    }

    /// <summary>Which exceptions a port throws for what differs between systems and versions; what is there tells them apart.</summary>
    private Exception Explain(Exception error) => error switch
    {
        _ when !Path.Exists(Name) => new DeviceException(
            DeviceFault.NotFound, $"{Name}: there is no such port. Check that the device is plugged in, and the port's name in the configuration.", error),
        UnauthorizedAccessException when !SerialPorts.MayOpen(Name) => new DeviceException(
            DeviceFault.PermissionDenied,
            $"{Name}: no permission to open the port. {SerialPorts.PermissionCure}",
            error),
        UnauthorizedAccessException => new DeviceException(
            DeviceFault.Busy, $"{Name}: another program uses the port ('fuser {Name}' names it). Close it.", error),
        ArgumentException => new DeviceException(
            DeviceFault.Failed, $"{Name}: this is no serial port, or it cannot do {BaudRate} baud. Check the port and the baud rate in the configuration.", error),
        IOException => new DeviceException(
            DeviceFault.Disconnected, $"{Name}: the port does not answer ({error.Message.TrimEnd('.')}). Check the cable and the device's power.", error),
        _ => error,
    };
}
