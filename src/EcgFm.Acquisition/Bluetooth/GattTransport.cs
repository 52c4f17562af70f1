using EcgFm.Acquisition.Transports;

namespace EcgFm.Acquisition.Bluetooth;

/// <summary>Bytes over Bluetooth LE: one characteristic notifies, another takes what is written, as Nordic's UART service has it.</summary>
/// <param name="wanted">The device's address, or the beginning of its name.</param>
/// <param name="service">The service, by which it is found.</param>
/// <param name="notify">The characteristic that notifies.</param>
/// <param name="write">The characteristic that is written; null when none is.</param>
/// <param name="bus">The message bus; the system's unless given.</param>
/// <param name="searchWithin">How long the device is looked for; 20 s unless given.</param>
public sealed class GattTransport(string wanted, Guid service, Guid notify, Guid? write, string? bus = null, TimeSpan? searchWithin = null) : IByteTransport
{
    /// <summary>Nordic's UART service: any serial framing over it, in pieces of 20 bytes unless the link agreed on more.</summary>
    /// <param name="wanted">The device's address, or the beginning of its name.</param>
    /// <param name="bus">The message bus; the system's unless given.</param>
    public static GattTransport NordicUart(string wanted, string? bus = null) => new(
        wanted,
        new Guid("6e400001-b5a3-f393-e0a9-e50e24dcca9e"),
        notify: new Guid("6e400003-b5a3-f393-e0a9-e50e24dcca9e"),
        write: new Guid("6e400002-b5a3-f393-e0a9-e50e24dcca9e"),
        bus);

    /// <inheritdoc/>
    public string Name => wanted;

    /// <inheritdoc/>
    public bool IsLive => true;

    /// <inheritdoc/>
    public async ValueTask<Stream> OpenAsync(CancellationToken cancellation)
    {
        var link = await GattLink.OpenAsync(wanted, service, bus, searchWithin ?? TimeSpan.FromSeconds(20), cancellation).ConfigureAwait(false);
        try
        {
            var notifications = await link.NotifyAsync(notify, cancellation).ConfigureAwait(false);
            return new PacketStream(
                notifications.ReadAsync,
                async (bytes, stop) => await link.WriteAsync(write ?? throw new NotSupportedException($"{wanted}: nothing can be written to this device."), bytes, stop).ConfigureAwait(false),
                link.LostAsync,
                link.DisposeAsync);
        }
        catch
        {
            await link.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
