namespace EcgFm.Acquisition.Bluetooth;

/// <summary>A connection with one Bluetooth LE device, from finding it to leaving it.</summary>
internal sealed class GattLink : IAsyncDisposable
{
    private readonly BlueZ _bluez;
    private readonly string _device;
    private readonly CancellationTokenSource _closing = new();
    private readonly List<GattNotifications> _notifications = [];
    private readonly Task _watch;

    private GattLink(BlueZ bluez, string device, string name)
    {
        (_bluez, _device, Name) = (bluez, device, name);
        _watch = WatchAsync();
    }

    /// <summary>The device, for messages: its address, or what it was found by.</summary>
    public string Name { get; }

    /// <summary>Finds the device, connects, and waits until its services are known.</summary>
    /// <param name="wanted">Its address, or the beginning of its name.</param>
    /// <param name="service">A service that it advertises.</param>
    /// <param name="bus">The message bus; the system's unless given.</param>
    /// <param name="searchWithin">How long to look for it.</param>
    /// <param name="cancellation">Ends the attempt, and what was begun.</param>
    /// <exception cref="DeviceException">Something is missing, off, forbidden or out of reach; the message says what to do.</exception>
    public static async Task<GattLink> OpenAsync(string wanted, Guid service, string? bus, TimeSpan searchWithin, CancellationToken cancellation)
    {
        var bluez = await BlueZ.OpenAsync(bus, null, cancellation).ConfigureAwait(false);
        string? device = null;
        try
        {
            device = await bluez.FindAsync(wanted, service.ToString(), searchWithin, cancellation).ConfigureAwait(false);
            await bluez.ConnectAsync(device, wanted, cancellation).ConfigureAwait(false);
            return new GattLink(bluez, device, wanted);
        }
        catch
        {
            // Disconnect cancels a Connect that has no answer yet.
            if (device is not null) await bluez.QuietlyAsync(device, BlueZNames.Device, "Disconnect").ConfigureAwait(false);
            await bluez.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Has a characteristic notify until the link is closed.</summary>
    /// <exception cref="DeviceException">There is none, it cannot, or another program has it.</exception>
    public async Task<GattNotifications> NotifyAsync(Guid uuid, CancellationToken cancellation)
    {
        var notifications = await _bluez.NotifyAsync(_bluez.Characteristic(_device, uuid, Name), Name, cancellation).ConfigureAwait(false);
        lock (_notifications) _notifications.Add(notifications);
        if (_watch.IsCompleted) notifications.End();
        return notifications;
    }

    /// <summary>Reads a characteristic.</summary>
    /// <exception cref="DeviceException">There is none, or it cannot be read.</exception>
    public Task<byte[]> ReadAsync(Guid uuid, CancellationToken cancellation) => _bluez.ReadAsync(_bluez.Characteristic(_device, uuid, Name), Name, cancellation);

    /// <summary>Writes a characteristic and waits for its confirmation.</summary>
    /// <exception cref="DeviceException">There is none, or it cannot be written.</exception>
    public Task RequestAsync(Guid uuid, byte[] value, CancellationToken cancellation) =>
        _bluez.WriteAsync(_bluez.Characteristic(_device, uuid, Name), value, "request", Name, cancellation);

    /// <summary>Writes bytes in pieces that the link carries, without confirmation where the characteristic can.</summary>
    /// <exception cref="DeviceException">There is no such characteristic, or it cannot be written.</exception>
    public async Task WriteAsync(Guid uuid, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        var characteristic = _bluez.Characteristic(_device, uuid, Name);
        var type = _bluez.Tree.Get<object?[]>(characteristic, BlueZNames.Characteristic, "Flags")?.Contains("write-without-response") == true ? "command" : "request";
        for (var size = _bluez.WriteSize(characteristic); bytes.Length > 0; bytes = bytes[Math.Min(size, bytes.Length)..])
            await _bluez.WriteAsync(characteristic, bytes[..Math.Min(size, bytes.Length)].ToArray(), type, Name, cancellation).ConfigureAwait(false);
    }

    /// <summary>Why the line has ended.</summary>
    public Task<DeviceException> LostAsync() => _bluez.LostAsync(_device, Name);

    /// <summary>Leaves the device.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_closing.IsCancellationRequested) return;
        await _closing.CancelAsync().ConfigureAwait(false);
        await _watch.ConfigureAwait(false);
        foreach (var notifications in _notifications) await notifications.DisposeAsync().ConfigureAwait(false);
        await _bluez.QuietlyAsync(_device, BlueZNames.Device, "Disconnect").ConfigureAwait(false);
        await _bluez.DisposeAsync().ConfigureAwait(false);
        _closing.Dispose();
    }

    /// <summary>Ends all reading when the device is lost: a socket is hung up by BlueZ, signals just stay away.</summary>
    private async Task WatchAsync()
    {
        try
        {
            await _bluez.WhenLostAsync(_device, Name, _closing.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        lock (_notifications)
            foreach (var notifications in _notifications) notifications.End();
    }
}
