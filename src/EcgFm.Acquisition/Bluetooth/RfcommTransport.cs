using System.Net.Sockets;
using EcgFm.Acquisition.Bluetooth.DBus;
using EcgFm.Acquisition.Transports;

namespace EcgFm.Acquisition.Bluetooth;

/// <summary>A serial line over classic Bluetooth (the Serial Port Profile). The device must be paired.</summary>
/// <param name="wanted">The device's address, or the beginning of its name.</param>
/// <param name="profile">The profile, which all beds of a program share.</param>
/// <param name="searchWithin">How long the device is looked for; 20 s unless given.</param>
public sealed class RfcommTransport(string wanted, SerialPortProfile profile, TimeSpan? searchWithin = null) : IByteTransport
{
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(40);

    /// <inheritdoc/>
    public string Name => wanted;

    /// <inheritdoc/>
    public bool IsLive => true;

    /// <inheritdoc/>
    public async ValueTask<Stream> OpenAsync(CancellationToken cancellation)
    {
        string? device = null;
        var registered = false;
        var bluez = await BlueZ.OpenAsync(profile.Bus, null, cancellation).ConfigureAwait(false);
        try
        {
            device = await bluez.FindAsync(wanted, null, searchWithin ?? TimeSpan.FromSeconds(20), cancellation).ConfigureAwait(false);
            if (!bluez.Tree.Get<bool>(device, BlueZNames.Device, "Paired"))
                throw new DeviceException(DeviceFault.PermissionDenied, $"{wanted}: the device is not paired. Run 'bluetoothctl pair {bluez.Address(device)}' and 'bluetoothctl trust {bluez.Address(device)}'.");
            await profile.RegisterAsync(ConnectWithin, cancellation).ConfigureAwait(false);
            registered = true;
            var handle = await profile.LineAsync(device, ConnectAsync, ConnectWithin, cancellation).ConfigureAwait(false);
            var socket = new Socket(new SafeSocketHandle(handle.DangerousGetHandle(), ownsHandle: true));
            handle.SetHandleAsInvalid();
            return Stream(bluez, device, socket);
        }
        catch (Exception e)
        {
            await CloseAsync(bluez, device, registered).ConfigureAwait(false);
            throw e switch
            {
                DBusException error => BlueZ.Explain(wanted, error, $"the serial port of the device cannot be reached ({error.Said}). Check that it is near and switched on", DeviceFault.NotFound),
                TimeoutException => new DeviceException(DeviceFault.NotFound, $"{wanted}: the device gave no serial port. Check that it has the Serial Port Profile.", e),
                _ => e,
            };
        }

        Task ConnectAsync() => bluez.CallAsync(device, BlueZNames.Device, "ConnectProfile", "s", [SerialPortProfile.Uuid], ConnectWithin, cancellation);
    }

    private async Task CloseAsync(BlueZ bluez, string? device, bool registered)
    {
        if (device is not null) await bluez.QuietlyAsync(device, BlueZNames.Device, "DisconnectProfile", "s", [SerialPortProfile.Uuid]).ConfigureAwait(false);
        if (registered) await profile.ReleaseAsync().ConfigureAwait(false);
        await bluez.DisposeAsync().ConfigureAwait(false);
    }

    private PacketStream Stream(BlueZ bluez, string device, Socket socket)
    {
        var buffer = new byte[512];
        return new PacketStream(
            async stop =>
            {
                try
                {
                    return buffer.AsMemory(0, await socket.ReceiveAsync(buffer.AsMemory(), stop).ConfigureAwait(false));
                }
                catch (SocketException)
                {
                    return default;
                }
            },
            async (bytes, stop) =>
            {
                try
                {
                    while (!bytes.IsEmpty) bytes = bytes[await socket.SendAsync(bytes, stop).ConfigureAwait(false)..];
                }
                catch (SocketException)
                {
                    throw await bluez.LostAsync(device, wanted).ConfigureAwait(false);
                }
            },
            () => bluez.LostAsync(device, wanted),
            async () =>
            {
                socket.Dispose();
                await CloseAsync(bluez, device, registered: true).ConfigureAwait(false);
            });
    }
}
