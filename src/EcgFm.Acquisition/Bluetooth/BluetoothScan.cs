namespace EcgFm.Acquisition.Bluetooth;

/// <summary>Looks for Bluetooth devices.</summary>
public static class BluetoothScan
{
    /// <summary>Listens for a while and gives what was heard, the strongest first.</summary>
    /// <param name="duration">How long.</param>
    /// <param name="bus">The message bus; the system's unless given.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="DeviceException">There is no adapter, it is switched off, or BlueZ may not be talked to; the message says what to do.</exception>
    public static async Task<IReadOnlyList<BluetoothDevice>> RunAsync(TimeSpan duration, string? bus = null, CancellationToken cancellation = default)
    {
        var bluez = await BlueZ.OpenAsync(bus, null, cancellation).ConfigureAwait(false);
        await using (bluez.ConfigureAwait(false))
        {
            var adapter = bluez.Adapter();
            await bluez.DiscoverAsync(adapter, new() { ["Transport"] = "auto" }, "Bluetooth", cancellation).ConfigureAwait(false);
            await Task.Delay(duration, cancellation).ConfigureAwait(false);
            await bluez.QuietlyAsync(adapter, BlueZNames.Adapter, "StopDiscovery").ConfigureAwait(false);
            var tree = bluez.Tree;
            return
            [
                .. tree.With(BlueZNames.Device).Select(path => new BluetoothDevice(
                        bluez.Address(path),
                        tree.Get<string>(path, BlueZNames.Device, "Alias") ?? "",
                        tree.Get<object>(path, BlueZNames.Device, "RSSI") is short dbm ? dbm : null,
                        tree.Get<bool>(path, BlueZNames.Device, "Paired"),
                        [.. (tree.Get<object?[]>(path, BlueZNames.Device, "UUIDs") ?? []).Select(uuid => Guid.Parse((string)uuid!))]))
                    .OrderByDescending(device => device.SignalDbm ?? int.MinValue),
            ];
        }
    }
}
