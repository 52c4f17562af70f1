using EcgFm.Acquisition.Transports;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EcgFm.Acquisition.Bluetooth.Polar;

/// <summary>The ECG of a Polar H10 chest strap: the packets of its measurement data service, each preceded by its length.</summary>
/// <remarks>Opening starts the measurement, and closing always stops it. Pairing is not needed. Linux has been seen to drop the link after 150 s: it is taken up again like any lost line.</remarks>
/// <param name="wanted">The strap's address, or the beginning of its name: "Polar H10 1234ABCD" stands on the sensor.</param>
/// <param name="bus">The message bus; the system's unless given.</param>
/// <param name="searchWithin">How long the strap is looked for; 20 s unless given.</param>
/// <param name="log">Gets what is odd and goes on all the same.</param>
public sealed class PolarTransport(string wanted, string? bus = null, TimeSpan? searchWithin = null, ILogger? log = null) : IByteTransport
{
    /// <summary>A packet of 73 samples and the bytes of the protocol around it.</summary>
    private const int NeededMtu = 232;

    /// <summary>What the strap advertises is its heart rate; that it has an ECG it tells only when it is connected.</summary>
    private static readonly Guid Advertised = new(BlueZNames.Assigned(0x180D));

    private readonly ILogger _log = log ?? NullLogger.Instance;

    /// <inheritdoc/>
    public string Name => wanted;

    /// <inheritdoc/>
    public bool IsLive => true;

    /// <inheritdoc/>
    public async ValueTask<Stream> OpenAsync(CancellationToken cancellation)
    {
        var link = await GattLink.OpenAsync(wanted, Advertised, bus, searchWithin ?? TimeSpan.FromSeconds(20), cancellation).ConfigureAwait(false);
        PmdControl? control = null;
        try
        {
            control = new PmdControl(link, await link.NotifyAsync(PmdUuids.Control, cancellation).ConfigureAwait(false), _log);
            var data = await link.NotifyAsync(PmdUuids.Data, cancellation).ConfigureAwait(false);
            if (data.Mtu is > 0 and < NeededMtu) _log.LogWarning("{Name}: the link agreed on packets of {Mtu} bytes; the sensor needs {Needed}.", wanted, data.Mtu, NeededMtu);
            await control.StartAsync(cancellation).ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            return Stream(link, control, data);
        }
        catch
        {
            // A start may have been on its way when the attempt was given up.
            await CloseAsync(link, control).ConfigureAwait(false);
            throw;
        }
    }

    private static PacketStream Stream(GattLink link, PmdControl control, GattNotifications data)
    {
        var closing = new CancellationTokenSource();
        DeviceException? ended = null;
        var watching = WatchAsync();
        return new PacketStream(
            data.ReadAsync,
            (_, _) => throw new NotSupportedException($"{link.Name}: nothing can be written to this device."),
            async () => ended ?? await link.LostAsync().ConfigureAwait(false),
            async () =>
            {
                await closing.CancelAsync().ConfigureAwait(false);
                await watching.ConfigureAwait(false);
                closing.Dispose();
                await CloseAsync(link, control).ConfigureAwait(false);
            },
            prefixed: true);

        async Task WatchAsync()
        {
            try
            {
                // Known before the samples end, for whoever reads them asks at once.
                ended = await control.StoppedAsync(closing.Token).ConfigureAwait(false);
                if (ended is not null) data.End();
            }
            catch (OperationCanceledException)
            {
                // Nobody reads any more.
            }
        }
    }

    private static async ValueTask CloseAsync(GattLink link, PmdControl? control)
    {
        if (control is not null) await control.StopAsync().ConfigureAwait(false);
        await link.DisposeAsync().ConfigureAwait(false);
    }
}
