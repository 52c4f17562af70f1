using System.Net.Sockets;
using System.Threading.Channels;
using EcgFm.Acquisition.Bluetooth.DBus;
using Microsoft.Win32.SafeHandles;

namespace EcgFm.Acquisition.Bluetooth;

/// <summary>The notifications of a characteristic, packet by packet: over a socket where BlueZ gives one, else by its signals.</summary>
/// <remarks>A device that notifies before its notifications are confirmed does so by the signals in any case; those packets come first.</remarks>
internal sealed class GattNotifications : IAsyncDisposable
{
    private const int LargestAttribute = 512;

    private readonly BlueZ _bluez;
    private readonly string _characteristic;
    private readonly Channel<byte[]> _packets = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });
    private readonly byte[] _buffer = new byte[LargestAttribute + 3];
    private IDisposable? _signals;
    private Socket? _socket;
    private bool _started;

    private GattNotifications(BlueZ bluez, string characteristic)
    {
        (_bluez, _characteristic) = (bluez, characteristic);
        _signals = bluez.Tree.OnValue(characteristic, value => _packets.Writer.TryWrite(value));
    }

    /// <summary>The largest packet that the link carries, and three bytes; zero when BlueZ does not say.</summary>
    public int Mtu { get; private set; }

    /// <summary>Whether BlueZ gave a socket.</summary>
    public bool HasSocket => _socket is not null;

    internal static async Task<GattNotifications> OpenAsync(BlueZ bluez, string characteristic, string name, CancellationToken cancellation)
    {
        var notifications = new GattNotifications(bluez, characteristic);
        try
        {
            // BlueZ leaves the property out where no socket can be had.
            if (bluez.Tree.Get<object>(characteristic, BlueZNames.Characteristic, "NotifyAcquired") is not true and not null)
                await notifications.AcquireAsync(cancellation).ConfigureAwait(false);
            if (!notifications.HasSocket) await notifications.StartAsync(cancellation).ConfigureAwait(false);
            return notifications;
        }
        catch (DBusException error)
        {
            await notifications.DisposeAsync().ConfigureAwait(false);
            throw BlueZ.Explain(name, error);
        }
        catch
        {
            await notifications.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The next packet, valid until the next call; empty when the line has ended.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellation)
    {
        if (_packets.Reader.TryRead(out var packet)) return packet;
        if (_socket is not null)
        {
            try
            {
                return _buffer.AsMemory(0, await _socket.ReceiveAsync(_buffer.AsMemory(), cancellation).ConfigureAwait(false));
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                cancellation.ThrowIfCancellationRequested();
                return default;
            }
        }

        return await _packets.Reader.WaitToReadAsync(cancellation).ConfigureAwait(false) && _packets.Reader.TryRead(out packet) ? packet : default;
    }

    /// <summary>The device is lost: whoever reads comes to the end.</summary>
    public void End()
    {
        _packets.Writer.TryComplete();
        _socket?.Dispose();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        End();
        _signals?.Dispose();
        _signals = null;
        if (!_started) return;
        _started = false;
        await _bluez.QuietlyAsync(_characteristic, BlueZNames.Characteristic, "StopNotify").ConfigureAwait(false);
    }

    private async Task AcquireAsync(CancellationToken cancellation)
    {
        object?[] acquired;
        try
        {
            acquired = await _bluez.CallAsync(_characteristic, BlueZNames.Characteristic, "AcquireNotify", "a{sv}", [new Dictionary<string, object?>()], cancellation: cancellation).ConfigureAwait(false);
        }
        catch (DBusException error) when (error.Name is BlueZNames.Error + "NotSupported" or BlueZNames.Error + "NotPermitted" or BlueZNames.Error + "Failed" or DBusException.UnknownMethod)
        {
            // The other way may still be open, and says better what is wrong if it is not.
            return;
        }

        var handle = (SafeFileHandle)acquired[0]!;
        // The socket takes the descriptor over.
        _socket = new Socket(new SafeSocketHandle(handle.DangerousGetHandle(), ownsHandle: true));
        handle.SetHandleAsInvalid();
        Mtu = (ushort)acquired[1]!;
    }

    private async Task StartAsync(CancellationToken cancellation)
    {
        await _bluez.CallAsync(_characteristic, BlueZNames.Characteristic, "StartNotify", cancellation: cancellation).ConfigureAwait(false);
        _started = true;
        Mtu = _bluez.Tree.Get<ushort>(_characteristic, BlueZNames.Characteristic, "MTU");
    }
}
