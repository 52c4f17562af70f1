namespace EcgFm.Acquisition.Transports;

/// <summary>A way to get bytes from a device, and to send it some: a serial line, a socket, a file of recorded bytes.</summary>
public interface IByteTransport
{
    /// <summary>What it is, for logs and messages, such as "/dev/ttyUSB0".</summary>
    string Name { get; }

    /// <summary>Whether the bytes come when the device sends them, so that their arrival and their absence mean something. A recording is not live.</summary>
    bool IsLive { get; }

    /// <summary>Opens the line.</summary>
    /// <returns>
    /// The line; disposing closes it. A read gives what is there, at least one byte, and can be cancelled. A recording ends with a read of no bytes; a live line
    /// that is cut throws a <see cref="DeviceException"/> of the kind <see cref="DeviceFault.Disconnected"/>.
    /// </returns>
    /// <exception cref="DeviceException">It cannot be opened: the kind and the message say why.</exception>
    ValueTask<Stream> OpenAsync(CancellationToken cancellation);
}
