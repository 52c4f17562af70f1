using System.Net.Sockets;
using System.Runtime.InteropServices;
using EcgFm.Acquisition.Bluetooth.DBus;
using Microsoft.Win32.SafeHandles;

namespace EcgFm.Testing.Bluetooth;

/// <summary>
/// Stands for <c>org.bluez</c> on a private bus, with one adapter and one device in reach, as BlueZ's <c>doc/org.bluez.{Adapter,Device,GattCharacteristic,ProfileManager,Profile}.rst</c>
/// say it behaves: which objects and properties there are, what changes when, which errors are given.
/// </summary>
public sealed class StandInBlueZ : IAsyncDisposable
{
    private const string Adapter = "org.bluez.Adapter1", Device = "org.bluez.Device1", Service = "org.bluez.GattService1", Characteristic = "org.bluez.GattCharacteristic1";
    private const string AdapterPath = "/org/bluez/hci0";
    private const int Unix = 1, SeqPacket = 5, Stream = 1, CloseOnExec = 0x80000;

    private readonly Lock _gate = new();
    private readonly Peripheral _peripheral;
    private readonly SortedDictionary<string, Dictionary<string, Dictionary<string, object?>>> _objects = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Socket> _acquired = [];
    private readonly HashSet<string> _notifying = [];
    private readonly HashSet<string> _discovering = [];
    private readonly Dictionary<string, Dictionary<string, object?>> _filters = [];
    private readonly List<string> _calls = [];
    private (string Owner, string Path)? _profile;
    private Socket? _serial;
    private DBusConnection _bus = null!;

    private StandInBlueZ(Peripheral peripheral)
    {
        _peripheral = peripheral;
        _objects["/org/bluez"] = new() { ["org.bluez.ProfileManager1"] = [] };
        _objects[AdapterPath] = new() { [Adapter] = new() { ["Address"] = "00:11:22:33:44:55", ["Powered"] = true, ["Discovering"] = false } };
    }

    /// <summary>Whether the device answers over the air.</summary>
    public bool InReach { get; set; } = true;

    /// <summary>Whether characteristics that notify offer a socket; older versions of BlueZ and some characteristics do not.</summary>
    public bool OffersSockets { get; init; } = true;

    /// <summary>Another program has acquired the notifications already.</summary>
    public bool OtherClient { get; set; }

    /// <summary>Called with each call's name and how often it has come, before it is answered: here the radio can drop the device, and so on.</summary>
    public Action<string, int>? Before { get; set; }

    /// <summary>The calls that came, by their methods' names.</summary>
    public IReadOnlyList<string> Calls
    {
        get
        {
            lock (_gate) return [.. _calls];
        }
    }

    /// <summary>Whether the device is connected.</summary>
    public bool Connected => Get(DevicePath, Device, "Connected") is true;

    /// <summary>Whether anybody discovers.</summary>
    public bool Discovering
    {
        get
        {
            lock (_gate) return _discovering.Count > 0;
        }
    }

    /// <summary>The other end of the serial line, when one was asked for.</summary>
    public Socket? Serial => _serial;

    private string DevicePath => $"{AdapterPath}/dev_{_peripheral.Address.Replace(':', '_')}";

    public static async Task<StandInBlueZ> StartAsync(string address, Peripheral peripheral, bool offersSockets = true)
    {
        var bluez = new StandInBlueZ(peripheral) { OffersSockets = offersSockets };
        bluez._bus = DBusConnection.Open(address, objects: bluez.Answer);
        await bluez._bus.CallAsync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName", "su", ["org.bluez", 4u]);
        return bluez;
    }

    /// <summary>The connection is lost over the air.</summary>
    public void Drop()
    {
        lock (_gate) Disconnect();
    }

    public void Power(bool on)
    {
        lock (_gate)
        {
            if (!on)
            {
                Disconnect();
                _discovering.Clear();
            }

            Set(AdapterPath, Adapter, ("Powered", on));
        }
    }

    /// <summary>The adapter is pulled out.</summary>
    public void RemoveAdapter()
    {
        lock (_gate)
        {
            RemoveDevice();
            Remove(AdapterPath);
        }
    }

    /// <summary>Somebody lets BlueZ forget the device.</summary>
    public void RemoveDevice()
    {
        lock (_gate)
        {
            Disconnect();
            Remove(DevicePath);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // In this order, so that whoever finds a line cut can find out why.
        await _bus.DisposeAsync();
        lock (_gate) CloseSockets();
    }

    private DBusAnswer? Answer(DBusMessage call)
    {
        lock (_gate)
        {
            if (call.Interface == "org.freedesktop.DBus.ObjectManager") return Answer("a{oa{sa{sv}}}", Copy(_objects));
            _calls.Add(call.Member);
            Before?.Invoke(call.Member, _calls.Count(name => name == call.Member));
            if (!_objects.TryGetValue(call.Path, out var interfaces) || !interfaces.ContainsKey(call.Interface))
                return DBusAnswer.Error("org.freedesktop.DBus.Error.UnknownObject", $"Method \"{call.Member}\" with interface \"{call.Interface}\" doesn't exist");
            return call.Interface switch
            {
                Adapter => OnAdapter(call),
                Device => OnDevice(call),
                Characteristic => OnCharacteristic(call),
                "org.bluez.ProfileManager1" => OnProfiles(call),
                _ => null,
            };
        }
    }

    private DBusAnswer? OnAdapter(DBusMessage call)
    {
        if (Get(AdapterPath, Adapter, "Powered") is not true) return Error("NotReady", "Resource Not Ready");
        switch (call.Member)
        {
            case "SetDiscoveryFilter":
                var filter = (Dictionary<string, object?>)call.Arguments[0]!;
                if (filter.Keys.Except(["UUIDs", "Transport", "Pattern", "RSSI"]).Any()) return Error("InvalidArguments", "Invalid arguments in method call");
                _filters[call.Sender] = filter;
                return DBusAnswer.Done;
            case "StartDiscovery":
                if (!_discovering.Add(call.Sender)) return Error("InProgress", "Operation already in progress");
                Set(AdapterPath, Adapter, ("Discovering", true));
                if (InReach && Hears(call.Sender)) AddDevice();
                return DBusAnswer.Done;
            case "StopDiscovery":
                if (!_discovering.Remove(call.Sender)) return Error("Failed", "No discovery started");
                Set(AdapterPath, Adapter, ("Discovering", _discovering.Count > 0));
                return DBusAnswer.Done;
            default:
                return null;
        }
    }

    /// <summary>Whether a client's filter lets the device through: one of the services is advertised, and the address or the name begins with the pattern.</summary>
    private bool Hears(string client)
    {
        var filter = _filters.GetValueOrDefault(client, []);
        return (filter.GetValueOrDefault("UUIDs") is not object?[] services || services.Intersect(_peripheral.Advertised).Any())
            && (filter.GetValueOrDefault("Pattern") is not string pattern
                || _peripheral.Address.StartsWith(pattern, StringComparison.Ordinal) || _peripheral.Name.StartsWith(pattern, StringComparison.Ordinal));
    }

    private DBusAnswer? OnDevice(DBusMessage call)
    {
        switch (call.Member)
        {
            case "Connect":
                if (Get(AdapterPath, Adapter, "Powered") is not true) return Error("NotReady", "Resource Not Ready");
                if (Connected) return Error("AlreadyConnected", "Already Connected");
                if (!InReach) return Error("Failed", "le-connection-abort-by-local");
                Set(DevicePath, Device, ("Connected", true));
                _peripheral.Send = SendOverTheAir;
                // The answer comes before the services are known.
                _ = Task.Run(() =>
                {
                    lock (_gate) ResolveServices();
                });
                return DBusAnswer.Done;
            case "Disconnect":
                if (!Connected) return Error("NotConnected", "Not Connected");
                Disconnect();
                return DBusAnswer.Done;
            case "ConnectProfile":
                if (!InReach) return Error("Failed", "br-connection-page-timeout");
                if (_profile is not { } profile) return Error("NotAvailable", "Operation currently not available");
                var (ours, theirs) = SocketPair(Stream);
                _serial = ours;
                return new DBusAnswer("", ConnectAsync());

                async Task<object?[]> ConnectAsync()
                {
                    using (theirs) await _bus.CallAsync(profile.Owner, profile.Path, "org.bluez.Profile1", "NewConnection", "oha{sv}", [DevicePath, theirs, new Dictionary<string, object?>()]);
                    return [];
                }

            case "DisconnectProfile":
                _serial?.Dispose();
                return DBusAnswer.Done;
            default:
                return null;
        }
    }

    private DBusAnswer? OnCharacteristic(DBusMessage call)
    {
        if (!Connected) return Error("Failed", "Not connected");
        var uuid = (string)Get(call.Path, Characteristic, "UUID")!;
        switch (call.Member)
        {
            case "ReadValue":
                return Answer("ay", _peripheral.Read(uuid));
            case "WriteValue":
                var value = (byte[])call.Arguments[0]!;
                if (value.Length > _peripheral.Mtu - 3) return Error("InvalidValueLength", "Invalid Value Length");
                _peripheral.Write(uuid, value);
                return DBusAnswer.Done;
            case "AcquireNotify":
                if (!_objects[call.Path][Characteristic].ContainsKey("NotifyAcquired")) return Error("NotSupported", "Operation is not supported");
                if (OtherClient || _acquired.ContainsKey(call.Path) || _notifying.Contains(call.Path)) return Error("NotPermitted", "Notify acquired");
                var (ours, theirs) = SocketPair(SeqPacket);
                _acquired[call.Path] = ours;
                Set(call.Path, Characteristic, ("NotifyAcquired", true));
                _peripheral.Subscribe(uuid, true);
                return new DBusAnswer("hq", Task.FromResult<object?[]>([theirs, _peripheral.Mtu]));
            case "StartNotify":
                if (OtherClient || _acquired.ContainsKey(call.Path)) return Error("NotPermitted", "Notify acquired");
                if (!_notifying.Add(call.Path)) return Error("InProgress", "Operation already in progress");
                Set(call.Path, Characteristic, ("Notifying", true));
                _peripheral.Subscribe(uuid, true);
                return DBusAnswer.Done;
            case "StopNotify":
                if (!_notifying.Remove(call.Path)) return Error("Failed", "No notify session started");
                Set(call.Path, Characteristic, ("Notifying", false));
                _peripheral.Subscribe(uuid, false);
                return DBusAnswer.Done;
            default:
                return null;
        }
    }

    private DBusAnswer? OnProfiles(DBusMessage call)
    {
        switch (call.Member)
        {
            case "RegisterProfile":
                if (_profile is not null) return Error("AlreadyExists", "Already Exists");
                _profile = (call.Sender, (string)call.Arguments[0]!);
                return DBusAnswer.Done;
            case "UnregisterProfile":
                if (_profile is null) return Error("DoesNotExist", "Does Not Exist");
                _profile = null;
                return DBusAnswer.Done;
            default:
                return null;
        }
    }

    private void SendOverTheAir(string uuid, byte[] value)
    {
        lock (_gate)
        {
            var path = _objects.Where(o => o.Value.TryGetValue(Characteristic, out var c) && (string)c["UUID"]! == uuid).Select(o => o.Key).FirstOrDefault();
            if (path is null) return;
            if (_acquired.TryGetValue(path, out var socket)) _ = socket.Send(value);
            else Set(path, Characteristic, ("Value", value));
        }
    }

    private void AddDevice()
    {
        if (_objects.ContainsKey(DevicePath)) return;
        Add(DevicePath, Device, new()
        {
            ["Address"] = _peripheral.Address,
            ["Name"] = _peripheral.Name,
            ["Alias"] = _peripheral.Name,
            ["Adapter"] = AdapterPath,
            ["Paired"] = _peripheral.Paired,
            ["Connected"] = false,
            ["ServicesResolved"] = false,
            ["UUIDs"] = _peripheral.Advertised.ToArray(),
            ["RSSI"] = (short)-60,
        });
    }

    private void ResolveServices()
    {
        if (!Connected) return;
        foreach (var (service, s) in _peripheral.Services.Select((service, s) => (service, s)))
        {
            var at = $"{DevicePath}/service{s:x4}";
            Add(at, Service, new() { ["UUID"] = service.Service, ["Device"] = DevicePath, ["Primary"] = true });
            foreach (var (characteristic, c) in service.Characteristics.Select((characteristic, c) => (characteristic, c)))
            {
                var properties = new Dictionary<string, object?>
                {
                    ["UUID"] = characteristic.Uuid,
                    ["Service"] = at,
                    ["Flags"] = characteristic.Flags,
                    ["Notifying"] = false,
                    ["MTU"] = _peripheral.Mtu,
                };
                // "For client this property is omitted in case 'notify' flag is not set."
                if (OffersSockets && characteristic.Flags.Contains("notify")) properties["NotifyAcquired"] = OtherClient;
                Add($"{at}/char{c:x4}", Characteristic, properties);
            }
        }

        Set(DevicePath, Device, ("UUIDs", _peripheral.Services.Select(service => service.Service).ToArray()));
        Set(DevicePath, Device, ("ServicesResolved", true));
    }

    private void Disconnect()
    {
        if (!Connected) return;
        _peripheral.Send = null;
        _peripheral.Disconnected();
        CloseSockets();
        _notifying.Clear();
        foreach (var path in _objects.Keys.Where(path => path.StartsWith(DevicePath + "/", StringComparison.Ordinal)).ToList()) Remove(path);
        Set(DevicePath, Device, ("ServicesResolved", false));
        Set(DevicePath, Device, ("Connected", false));
    }

    private void CloseSockets()
    {
        foreach (var socket in _acquired.Values) socket.Dispose();
        _acquired.Clear();
        _serial?.Dispose();
    }

    private object? Get(string path, string @interface, string property)
    {
        lock (_gate) return _objects.TryGetValue(path, out var interfaces) && interfaces.TryGetValue(@interface, out var properties) ? properties.GetValueOrDefault(property) : null;
    }

    private void Add(string path, string @interface, Dictionary<string, object?> properties)
    {
        _objects[path] = new() { [@interface] = new(properties) };
        _ = _bus.EmitAsync("/", "org.freedesktop.DBus.ObjectManager", "InterfacesAdded", "oa{sa{sv}}", path, new Dictionary<string, object?> { [@interface] = properties });
    }

    private void Remove(string path)
    {
        if (_objects.Remove(path, out var interfaces))
            _ = _bus.EmitAsync("/", "org.freedesktop.DBus.ObjectManager", "InterfacesRemoved", "oas", path, interfaces.Keys.ToArray());
    }

    private void Set(string path, string @interface, (string Name, object Value) property)
    {
        if (!_objects.TryGetValue(path, out var interfaces)) return;
        interfaces[@interface][property.Name] = property.Value;
        _ = _bus.EmitAsync(path, "org.freedesktop.DBus.Properties", "PropertiesChanged", "sa{sv}as", @interface, new Dictionary<string, object?> { [property.Name] = property.Value }, Array.Empty<string>());
    }

    /// <summary>The answer is written when the lock is no longer held.</summary>
    private static Dictionary<string, object?> Copy(IEnumerable<KeyValuePair<string, Dictionary<string, Dictionary<string, object?>>>> objects) => objects.ToDictionary(
        o => o.Key, o => (object?)o.Value.ToDictionary(i => i.Key, i => (object?)new Dictionary<string, object?>(i.Value)));

    private static DBusAnswer Answer(string signature, object? result) => new(signature, Task.FromResult<object?[]>([result]));

    private static DBusAnswer Error(string name, string message) => DBusAnswer.Error("org.bluez.Error." + name, message);

    private static (Socket Ours, SafeFileHandle Theirs) SocketPair(int type)
    {
        var pair = new int[2];
        if (socketpair(Unix, type | CloseOnExec, 0, pair) != 0) throw new InvalidOperationException("There is no socket pair to be had.");
        return (new Socket(new SafeSocketHandle(pair[0], ownsHandle: true)), new SafeFileHandle(pair[1], ownsHandle: true));
    }

    [DllImport("libc")]
    private static extern int socketpair(int domain, int type, int protocol, int[] pair);
}
