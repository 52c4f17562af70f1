using System.Net.Sockets;
using EcgFm.Acquisition.Bluetooth.DBus;
using EcgFm.Acquisition.Transports;
using Microsoft.Win32.SafeHandles;

namespace EcgFm.Acquisition.Bluetooth;

/// <summary>A serial line over classic Bluetooth (the Serial Port Profile). The device must be paired.</summary>
/// <param name="wanted">The device's address, or the beginning of its name.</param>
/// <param name="bus">The message bus; the system's unless given.</param>
/// <param name="searchWithin">How long the device is looked for; 20 s unless given.</param>
public sealed class RfcommTransport(string wanted, string? bus = null, TimeSpan? searchWithin = null) : IByteTransport
{
    private const string SerialPort = "00001101-0000-1000-8000-00805f9b34fb";
    private const string OwnPath = "/ecgfm/serial";

    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(40);

    /// <inheritdoc/>
    public string Name => wanted;

    /// <inheritdoc/>
    public bool IsLive => true;

    /// <inheritdoc/>
    public async ValueTask<Stream> OpenAsync(CancellationToken cancellation)
    {
        var connected = new TaskCompletionSource<SafeFileHandle>(TaskCreationOptions.RunContinuationsAsynchronously);
        string? device = null;
        var bluez = await BlueZ.OpenAsync(bus, Answer, cancellation).ConfigureAwait(false);
        try
        {
            device = await bluez.FindAsync(wanted, null, searchWithin ?? TimeSpan.FromSeconds(20), cancellation).ConfigureAwait(false);
            if (!bluez.Tree.Get<bool>(device, BlueZNames.Device, "Paired"))
                throw new DeviceException(DeviceFault.PermissionDenied, $"{wanted}: the device is not paired. Run 'bluetoothctl pair {bluez.Address(device)}' and 'bluetoothctl trust {bluez.Address(device)}'.");
            await CallAsync("/org/bluez", BlueZNames.ProfileManager, "RegisterProfile", "osa{sv}", OwnPath, SerialPort, new Dictionary<string, object?> { ["Role"] = "client" }).ConfigureAwait(false);
            await CallAsync(device, BlueZNames.Device, "ConnectProfile", "s", SerialPort).ConfigureAwait(false);
            var handle = await connected.Task.WaitAsync(ConnectWithin, cancellation).ConfigureAwait(false);
            var socket = new Socket(new SafeSocketHandle(handle.DangerousGetHandle(), ownsHandle: true));
            handle.SetHandleAsInvalid();
            return Stream(bluez, device, socket);
        }
        catch (Exception e)
        {
            if (device is not null) await bluez.QuietlyAsync(device, BlueZNames.Device, "DisconnectProfile", "s", [SerialPort]).ConfigureAwait(false);
            await bluez.DisposeAsync().ConfigureAwait(false);
            if (connected.Task.IsCompletedSuccessfully) (await connected.Task.ConfigureAwait(false)).Dispose();
            throw e switch
            {
                DBusException error => BlueZ.Explain(wanted, error, $"the serial port of the device cannot be reached ({error.Said}). Check that it is near and switched on", DeviceFault.NotFound),
                TimeoutException => new DeviceException(DeviceFault.NotFound, $"{wanted}: the device gave no serial port. Check that it has the Serial Port Profile.", e),
                _ => e,
            };
        }

        Task CallAsync(string path, string @interface, string member, string signature, params object?[] arguments) =>
            bluez.CallAsync(path, @interface, member, signature, arguments, ConnectWithin, cancellation);

        DBusAnswer? Answer(DBusMessage call)
        {
            if (call.Path != OwnPath || call.Interface != BlueZNames.Profile) return null;
            if (call is { Member: "NewConnection", Arguments: [_, SafeFileHandle line, ..] } && !connected.TrySetResult(line)) line.Dispose();
            return DBusAnswer.Done;
        }
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
                await bluez.QuietlyAsync(device, BlueZNames.Device, "DisconnectProfile", "s", [SerialPort]).ConfigureAwait(false);
                await bluez.QuietlyAsync("/org/bluez", BlueZNames.ProfileManager, "UnregisterProfile", "o", [OwnPath]).ConfigureAwait(false);
                await bluez.DisposeAsync().ConfigureAwait(false);
            });
    }
}
