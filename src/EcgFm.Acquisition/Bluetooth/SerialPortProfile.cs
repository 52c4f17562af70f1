using EcgFm.Acquisition.Bluetooth.DBus;
using Microsoft.Win32.SafeHandles;

namespace EcgFm.Acquisition.Bluetooth;

/// <summary>The Serial Port Profile of this program, for all its beds: BlueZ takes it once, and gives every device's line to whoever registered it.</summary>
/// <remarks>Each line goes to the bed that waits for its device, and one that nobody waits for is refused: a bed must never show another patient. Safe to use from any thread.</remarks>
/// <param name="bus">The message bus; the system's unless given.</param>
public sealed class SerialPortProfile(string? bus = null)
{
    internal const string Uuid = "00001101-0000-1000-8000-00805f9b34fb";

    private const string OwnPath = "/ecgfm/serial";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, TaskCompletionSource<SafeFileHandle>> _awaited = [];
    private Task _last = Task.CompletedTask;
    private BlueZ? _bluez;
    private int _users;

    /// <summary>The message bus; null for the system's.</summary>
    internal string? Bus => bus;

    /// <summary>Registers the profile where it is not; each call asks for one of <see cref="ReleaseAsync"/>, unless it fails.</summary>
    /// <exception cref="DBusException">BlueZ refuses, as it does while another program has the profile.</exception>
    /// <exception cref="DeviceException">There is no BlueZ, or it may not be talked to.</exception>
    internal Task RegisterAsync(TimeSpan within, CancellationToken cancellation) => InTurnAsync(async () =>
    {
        try
        {
            if (_bluez is { Ended.IsCompleted: true }) await DropAsync().ConfigureAwait(false);
            _bluez ??= await BlueZ.OpenAsync(bus, Answer, cancellation).ConfigureAwait(false);
            // Asked each time: a BlueZ that was started anew knows nothing of the profile.
            await _bluez.CallAsync("/org/bluez", BlueZNames.ProfileManager, "RegisterProfile", "osa{sv}", [OwnPath, Uuid, new Dictionary<string, object?> { ["Role"] = "client" }], within, cancellation).ConfigureAwait(false);
            _users++;
        }
        catch (DBusException error) when (error.Name is BlueZNames.Error + "AlreadyExists")
        {
            _users++;
        }
        finally
        {
            if (_users == 0) await DropAsync().ConfigureAwait(false);
        }
    });

    /// <summary>Gives the profile back; the last who does ends it.</summary>
    internal Task ReleaseAsync() => InTurnAsync(async () =>
    {
        if (--_users > 0 || _bluez is null) return;
        await _bluez.QuietlyAsync("/org/bluez", BlueZNames.ProfileManager, "UnregisterProfile", "o", [OwnPath]).ConfigureAwait(false);
        await DropAsync().ConfigureAwait(false);
    });

    /// <summary>Has BlueZ connect a device and gives its line.</summary>
    /// <param name="device">The path of the device.</param>
    /// <param name="connect">Asks BlueZ to.</param>
    /// <param name="within">How long the line is waited for.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="TimeoutException">None came.</exception>
    internal async Task<SafeFileHandle> LineAsync(string device, Func<Task> connect, TimeSpan within, CancellationToken cancellation)
    {
        var line = new TaskCompletionSource<SafeFileHandle>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate) _awaited[device] = line;
        try
        {
            await connect().ConfigureAwait(false);
            return await line.Task.WaitAsync(within, cancellation).ConfigureAwait(false);
        }
        catch
        {
            if (!line.TrySetCanceled(CancellationToken.None)) (await line.Task.ConfigureAwait(false)).Dispose();
            throw;
        }
        finally
        {
            lock (_gate) _awaited.Remove(device);
        }
    }

    private DBusAnswer? Answer(DBusMessage call)
    {
        if (call.Path != OwnPath || call.Interface != BlueZNames.Profile) return null;
        if (call is not { Member: "NewConnection", Arguments: [string device, SafeFileHandle line, ..] }) return DBusAnswer.Done;
        lock (_gate)
            if (_awaited.GetValueOrDefault(device)?.TrySetResult(line) == true)
                return DBusAnswer.Done;
        line.Dispose();
        return DBusAnswer.Error(BlueZNames.Error + "Rejected", "nobody waits for this device");
    }

    /// <summary>One bed after the other.</summary>
    private Task InTurnAsync(Func<Task> step)
    {
        lock (_gate) return _last = NextAsync(_last);

        async Task NextAsync(Task last)
        {
            await last.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
            await step().ConfigureAwait(false);
        }
    }

    private async Task DropAsync()
    {
        if (_bluez is not null) await _bluez.DisposeAsync().ConfigureAwait(false);
        _bluez = null;
    }
}
