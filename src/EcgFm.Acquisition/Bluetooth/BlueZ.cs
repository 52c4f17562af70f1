using EcgFm.Acquisition.Bluetooth.DBus;

namespace EcgFm.Acquisition.Bluetooth;

/// <summary>BlueZ, the Linux Bluetooth daemon, over a connection of its own: whatever was begun over it ends with it.</summary>
internal sealed class BlueZ : IAsyncDisposable
{
    private static readonly TimeSpan ResolveWithin = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(40);

    private readonly DBusConnection _bus;

    private BlueZ(string address, Func<DBusMessage, DBusAnswer?>? objects)
    {
        _bus = DBusConnection.Open(address, Take, objects);
    }

    /// <summary>Its objects.</summary>
    public BlueZTree Tree { get; } = new();

    /// <summary>Completes when the message bus is gone.</summary>
    public Task Ended => _bus.Ended;

    /// <summary>Connects with the message bus and asks for BlueZ's objects.</summary>
    /// <param name="address">The bus; the system's unless given.</param>
    /// <param name="objects">Answers calls to own objects.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <exception cref="DeviceException">There is no bus or no BlueZ, or it may not be talked to; the message says what to do.</exception>
    public static async Task<BlueZ> OpenAsync(string? address, Func<DBusMessage, DBusAnswer?>? objects, CancellationToken cancellation)
    {
        address ??= DBusConnection.SystemAddress;
        BlueZ bluez;
        try
        {
            bluez = new BlueZ(address, objects);
        }
        catch (DllNotFoundException e)
        {
            throw new DeviceException(DeviceFault.Failed, "Bluetooth: libsystemd.so.0 is missing. Install the Debian or Ubuntu package libsystemd0.", e);
        }
        catch (DBusException e)
        {
            throw NoBus(address, e);
        }

        try
        {
            await bluez._bus.MatchAsync($"type='signal',sender='{BlueZNames.Service}'", cancellation).ConfigureAwait(false);
            await bluez._bus.MatchAsync($"type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='{BlueZNames.Service}'", cancellation).ConfigureAwait(false);
            var objectsNow = await bluez.CallAsync("/", BlueZNames.ObjectManager, "GetManagedObjects", cancellation: cancellation).ConfigureAwait(false);
            bluez.Tree.Replace((Dictionary<string, object?>)objectsNow[0]!);
            return bluez;
        }
        catch (Exception e)
        {
            await bluez.DisposeAsync().ConfigureAwait(false);
            if (e is DBusException { Name: DBusException.Disconnected }) throw NoBus(address, e);
            if (e is DBusException error) throw Explain("Bluetooth", error);
            throw;
        }
    }

    /// <summary>The first adapter that is switched on.</summary>
    /// <exception cref="DeviceException">There is none.</exception>
    public string Adapter()
    {
        var adapters = Tree.With(BlueZNames.Adapter);
        if (adapters.Count == 0)
            throw new DeviceException(DeviceFault.NotFound, "Bluetooth: this machine has no adapter that BlueZ knows ('bluetoothctl list'). Plug one in, or check 'dmesg' for its firmware.");
        return adapters.FirstOrDefault(adapter => Tree.Get<bool>(adapter, BlueZNames.Adapter, "Powered"))
            ?? throw new DeviceException(DeviceFault.NotFound, "Bluetooth: the adapter is switched off. Run 'bluetoothctl power on' ('rfkill unblock bluetooth' where that is refused).");
    }

    /// <summary>Finds a device that BlueZ knows, or by discovery.</summary>
    /// <param name="wanted">The address, or the beginning of the name.</param>
    /// <param name="service">A service that it advertises; null when none is required.</param>
    /// <param name="within">How long to look.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <returns>The path of the device.</returns>
    /// <exception cref="DeviceException">It is not in reach, or the adapter is off or gone.</exception>
    public async Task<string> FindAsync(string wanted, string? service, TimeSpan within, CancellationToken cancellation)
    {
        var adapter = Adapter();
        if (Known(Tree) is { } known) return known;
        var filter = new Dictionary<string, object?> { ["Transport"] = service is null ? "auto" : "le", ["Pattern"] = wanted };
        if (service is not null) filter["UUIDs"] = new[] { service };
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(within);
        await DiscoverAsync(adapter, filter, wanted, cancellation).ConfigureAwait(false);
        try
        {
            return await Tree.WhenAsync(tree =>
            {
                RequireAdapter(adapter);
                return Known(tree);
            }, late.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new DeviceException(DeviceFault.NotFound, $"{wanted}: no such Bluetooth device is in reach. Check that it is switched on (a chest strap only is while it is worn, with wet electrodes), near, and not connected with a phone.");
        }
        finally
        {
            await QuietlyAsync(adapter, BlueZNames.Adapter, "StopDiscovery").ConfigureAwait(false);
        }

        string? Known(BlueZTree tree) => tree.With(BlueZNames.Device).FirstOrDefault(path =>
            path.StartsWith(adapter, StringComparison.Ordinal)
            && (string.Equals(tree.Get<string>(path, BlueZNames.Device, "Address"), wanted, StringComparison.OrdinalIgnoreCase)
                || tree.Get<string>(path, BlueZNames.Device, "Alias")?.StartsWith(wanted, StringComparison.OrdinalIgnoreCase) == true));
    }

    /// <summary>Begins a discovery, which ends with this connection if not before.</summary>
    /// <exception cref="DeviceException">The adapter is off or busy.</exception>
    public async Task DiscoverAsync(string adapter, Dictionary<string, object?> filter, string name, CancellationToken cancellation)
    {
        try
        {
            await CallAsync(adapter, BlueZNames.Adapter, "SetDiscoveryFilter", "a{sv}", [filter], cancellation: cancellation).ConfigureAwait(false);
            await CallAsync(adapter, BlueZNames.Adapter, "StartDiscovery", cancellation: cancellation).ConfigureAwait(false);
        }
        catch (DBusException error)
        {
            throw Explain(name, error);
        }
    }

    /// <summary>Connects with a device and waits until its services are known.</summary>
    /// <exception cref="DeviceException">It cannot be reached.</exception>
    public async Task ConnectAsync(string device, string name, CancellationToken cancellation)
    {
        try
        {
            await CallAsync(device, BlueZNames.Device, "Connect", timeout: ConnectWithin, cancellation: cancellation).ConfigureAwait(false);
        }
        catch (DBusException error) when (error.Name is BlueZNames.Error + "AlreadyConnected")
        {
        }
        catch (DBusException error)
        {
            throw Explain(name, error, $"the connection failed ({error.Said}). Check that the device is near, worn or switched on, and not connected with a phone", DeviceFault.NotFound);
        }

        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(ResolveWithin);
        try
        {
            await Tree.WhenAsync(tree => WhyLost(device, name) is { } lost ? throw lost : tree.Get<bool>(device, BlueZNames.Device, "ServicesResolved") ? device : null, late.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new DeviceException(DeviceFault.Failed, $"{name}: the device is connected, but does not tell its services. Switch it off and on, or let BlueZ forget it: 'bluetoothctl remove {Address(device)}'.");
        }
    }

    /// <summary>The characteristic of a device with a UUID.</summary>
    /// <exception cref="DeviceException">It has none: it is another kind of device.</exception>
    public string Characteristic(string device, Guid uuid, string name) =>
        Tree.With(BlueZNames.Characteristic).FirstOrDefault(path =>
            path.StartsWith(device + "/", StringComparison.Ordinal) && Guid.TryParse(Tree.Get<string>(path, BlueZNames.Characteristic, "UUID"), out var found) && found == uuid)
        ?? throw new DeviceException(DeviceFault.Unintelligible, $"{name}: the device has no characteristic {uuid}. Check that it is of the kind that the profile is for.");

    /// <summary>Reads a characteristic.</summary>
    /// <exception cref="DeviceException">It cannot be read.</exception>
    public async Task<byte[]> ReadAsync(string characteristic, string name, CancellationToken cancellation)
    {
        try
        {
            var read = await CallAsync(characteristic, BlueZNames.Characteristic, "ReadValue", "a{sv}", [new Dictionary<string, object?>()], cancellation: cancellation).ConfigureAwait(false);
            return (byte[])read[0]!;
        }
        catch (DBusException error)
        {
            throw Explain(name, error);
        }
    }

    /// <summary>Writes a characteristic.</summary>
    /// <param name="characteristic">Which.</param>
    /// <param name="value">What, at most as much as <see cref="WriteSize"/> says.</param>
    /// <param name="type"><c>request</c> to have it confirmed, <c>command</c> without.</param>
    /// <param name="name">The device, for messages.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="DeviceException">It cannot be written.</exception>
    public async Task WriteAsync(string characteristic, byte[] value, string type, string name, CancellationToken cancellation)
    {
        try
        {
            await CallAsync(characteristic, BlueZNames.Characteristic, "WriteValue", "aya{sv}", [value, new Dictionary<string, object?> { ["type"] = type }], cancellation: cancellation).ConfigureAwait(false);
        }
        catch (DBusException error)
        {
            throw Explain(name, error);
        }
    }

    /// <summary>How many bytes one write of a characteristic may have: three fewer than the MTU, which is 23 until something else was agreed.</summary>
    public int WriteSize(string characteristic) => Math.Max((int)Tree.Get<ushort>(characteristic, BlueZNames.Characteristic, "MTU"), 23) - 3;

    /// <summary>Has a characteristic notify.</summary>
    /// <exception cref="DeviceException">It cannot, or another program has it.</exception>
    public Task<GattNotifications> NotifyAsync(string characteristic, string name, CancellationToken cancellation) =>
        GattNotifications.OpenAsync(this, characteristic, name, cancellation);

    /// <summary>Calls a method of BlueZ.</summary>
    /// <exception cref="DBusException">It was refused.</exception>
    public Task<object?[]> CallAsync(string path, string @interface, string member, string signature = "", object?[]? arguments = null, TimeSpan? timeout = null, CancellationToken cancellation = default) =>
        _bus.CallAsync(BlueZNames.Service, path, @interface, member, signature, arguments, timeout, cancellation);

    /// <summary>Calls a method on the way out, where nothing is left to be done about a refusal.</summary>
    public async Task QuietlyAsync(string path, string @interface, string member, string signature = "", object?[]? arguments = null)
    {
        try
        {
            await CallAsync(path, @interface, member, signature, arguments, TimeSpan.FromSeconds(2)).ConfigureAwait(false);
        }
        catch (DBusException)
        {
        }
    }

    /// <summary>Why a device is no longer connected, as far as is known now; null while it is.</summary>
    public DeviceException? WhyLost(string device, string name)
    {
        if (Ended.IsCompleted) return new DeviceException(DeviceFault.Disconnected, $"{name}: the system's message bus is gone. Check 'systemctl status dbus'.");
        if (Tree.With(BlueZNames.Adapter).Count == 0)
            return new DeviceException(DeviceFault.Disconnected, $"{name}: the Bluetooth adapter is gone, or BlueZ has ended. Plug the adapter in, and check 'systemctl status bluetooth'.");
        if (!Tree.Has(device, BlueZNames.Device)) return new DeviceException(DeviceFault.Disconnected, $"{name}: the device was removed from BlueZ.");
        if (!IsPowered(device))
            return new DeviceException(DeviceFault.Disconnected, $"{name}: the Bluetooth adapter was switched off. Run 'bluetoothctl power on'.");
        return Tree.Get<bool>(device, BlueZNames.Device, "Connected") ? null : Dropped(name);
    }

    /// <summary>Why a device's line has ended. BlueZ cuts the line first, then says that the device is disconnected, and then what was behind it: that is waited for.</summary>
    public async Task<DeviceException> LostAsync(string device, string name)
    {
        await Task.WhenAny(Ended, Task.Delay(TimeSpan.FromSeconds(0.5))).ConfigureAwait(false);
        // However busy the machine is: an answer comes behind all that BlueZ has said before it.
        await QuietlyAsync("/", BlueZNames.ObjectManager, "GetManagedObjects").ConfigureAwait(false);
        return WhyLost(device, name) ?? Dropped(name);
    }

    /// <summary>Completes when the device is lost, whatever the reason.</summary>
    public async Task WhenLostAsync(string device, string name, CancellationToken cancellation)
    {
        var lost = Tree.WhenAsync(_ => WhyLost(device, name), cancellation);
        await Task.WhenAny(lost, Ended).ConfigureAwait(false);
        if (!Ended.IsCompleted) await lost.ConfigureAwait(false);
    }

    /// <summary>The address of a device.</summary>
    public string Address(string device) => Tree.Get<string>(device, BlueZNames.Device, "Address") ?? device;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _bus.DisposeAsync();

    /// <summary>What a refusal means for a user.</summary>
    public static DeviceException Explain(string name, DBusException error, string? otherwise = null, DeviceFault fault = DeviceFault.Failed) => error.Name switch
    {
        DBusException.ServiceUnknown or "org.freedesktop.DBus.Error.NameHasNoOwner" or "org.freedesktop.DBus.Error.Spawn.ExecFailed" => new DeviceException(
            DeviceFault.NotFound, $"{name}: BlueZ is not running. Install the package bluez and start it: 'sudo systemctl start bluetooth'.", error),
        DBusException.AccessDenied => new DeviceException(
            DeviceFault.PermissionDenied, $"{name}: the message bus does not let this user talk to BlueZ. Run 'sudo usermod -aG bluetooth {Environment.UserName}' and log in again.", error),
        DBusException.Disconnected => new DeviceException(DeviceFault.Disconnected, $"{name}: the system's message bus is gone. Check 'systemctl status dbus'.", error),
        DBusException.UnknownObject or DBusException.UnknownMethod => new DeviceException(DeviceFault.Disconnected, $"{name}: the device was removed from BlueZ.", error),
        BlueZNames.Error + "NotReady" => new DeviceException(
            DeviceFault.NotFound, $"{name}: the Bluetooth adapter is switched off. Run 'bluetoothctl power on' ('rfkill unblock bluetooth' where that is refused).", error),
        BlueZNames.Error + "NotConnected" => Dropped(name, error),
        BlueZNames.Error + "NotAuthorized" or BlueZNames.Error + "AuthenticationFailed" => NotPaired(name, error),
        // ATT errors 0x05, 0x08, 0x0c and 0x0f: insufficient authentication, authorization, key size, encryption.
        BlueZNames.Error + "Failed" when error.Said.Contains("0x05", StringComparison.Ordinal) || error.Said.Contains("0x08", StringComparison.Ordinal)
            || error.Said.Contains("0x0c", StringComparison.Ordinal) || error.Said.Contains("0x0f", StringComparison.Ordinal) => NotPaired(name, error),
        BlueZNames.Error + "InProgress" or BlueZNames.Error + "NotPermitted" => new DeviceException(
            DeviceFault.Busy, $"{name}: another program uses the device ({error.Said}). Close it, or wait until it has finished.", error),
        _ => new DeviceException(fault, $"{name}: {otherwise ?? $"BlueZ refused ({error.Said})"}.", error),
    };

    private static DeviceException NotPaired(string name, Exception cause) =>
        new(DeviceFault.PermissionDenied, $"{name}: the device wants to be paired first. Run 'bluetoothctl pair {name}' and then 'bluetoothctl trust {name}'.", cause);

    private static DeviceException Dropped(string name, Exception? cause = null) =>
        new(DeviceFault.Disconnected, $"{name}: the Bluetooth connection was lost: out of reach, switched off or taken off.", cause);

    private static DeviceException NoBus(string address, Exception cause) =>
        new(DeviceFault.NotFound, $"Bluetooth: there is no message bus at {address}. Install the packages dbus and bluez.", cause);

    private bool IsPowered(string device) =>
        Tree.Get<bool>(Tree.Get<string>(device, BlueZNames.Device, "Adapter") ?? "", BlueZNames.Adapter, "Powered");

    private void RequireAdapter(string adapter)
    {
        if (!Tree.Has(adapter, BlueZNames.Adapter) || !Tree.Get<bool>(adapter, BlueZNames.Adapter, "Powered")) _ = Adapter();
    }

    private void Take(DBusMessage signal)
    {
        if (signal is { Member: "NameOwnerChanged", Arguments: [BlueZNames.Service, _, ""] }) Tree.Clear();
        else Tree.Take(signal);
    }
}
